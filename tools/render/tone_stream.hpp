// SPDX-License-Identifier: MIT
//
// A tone of a network or a machine, as long as it is asked for.
#pragma once

#include "dsp/nonblocking.hpp"
#include "dsp/progress/progress_generator.hpp"
#include "dsp/result.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "tools/console/failure.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace keytone::tools {

/// Which tone, and how.
struct NetworkToneOptions {
    static constexpr double max_seconds = 3600;

    std::string tone; ///< Empty: none is asked for.
    std::string country = "us";
    std::string duration = "5s"; ///< With a unit, s or ms.
    double level_dbm0 = -10.0;
};

/// All tones' names, those of a special information tone's kinds included: `sit_intercept`.
std::vector<std::string> network_tone_names();
/// All countries' codes.
std::vector<std::string> country_codes();

/// Sends it, in blocks of any size.
class ToneStream {
  public:
    ToneStream(const ProgressGenerator& generator, SampleCount length)
        : generator_(generator), length_(length), remaining_(length) {}

    /// Fills `out` from its front and returns how many samples it wrote: fewer than asked for at the end
    /// only. `[audio]`
    template <class Sample>
    std::size_t generate(std::span<Sample> out) noexcept {
        const auto count =
            static_cast<std::size_t>(std::min(remaining_, static_cast<SampleCount>(out.size())));
        generator_.generate(out.first(count));
        remaining_ -= static_cast<SampleCount>(count);
        return count;
    }
    /// Samples of the whole stream.
    [[nodiscard]] SampleCount length() const { return length_; }

  private:
    ProgressGenerator generator_;
    SampleCount length_;
    SampleCount remaining_;
};

/// A failure names the option that is wrong.
Result<ToneStream, Failure> make_tone_stream(const NetworkToneOptions& options, SampleRate rate);

} // namespace keytone::tools
