// SPDX-License-Identifier: MIT
//
// Counts what receivers report in sound without keys.
#pragma once

#include "bench/accuracy/codecs/codecs.hpp"
#include "bench/accuracy/measurement.hpp"
#include "bench/accuracy/outcome.hpp"
#include "bench/accuracy/talk_off/clip.hpp"
#include "dsp/dtmf_limits.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::accuracy {

/// How a clip is changed before the receivers hear it: another speed and level, a codec, and a network, in
/// that order.
struct Way {
    enum class Loss {
        none,
        zeros, ///< 5 % of the frames of 20 ms are lost, and replaced by zeros.
        told,  ///< 5 % are lost, and the receivers are told.
    };

    double speed = 1.0; ///< The factor by which frequencies are raised.
    double gain_db = 0.0;
    Pass codec = nullptr; ///< At 8 kHz. None: linear samples.
    Loss loss = Loss::none;
    std::string name{}; ///< The name in the list of false keys.
};

/// A way for each speed from 0.7 to 1.4.
std::vector<Way> speeds(double step);

/// How much was heard, and how many keys in it, by keytone with each set of limits.
struct FalseKeys {
    double seconds = 0.0;
    std::vector<std::int64_t> keytone{};
    std::int64_t spandsp = 0;

    FalseKeys& operator+=(const FalseKeys& other);
    [[nodiscard]] double hours() const { return seconds / 3600.0; }
};

/// The results for several clips, each heard in several ways.
struct Hearing {
    std::vector<FalseKeys> clips; ///< For each clip, over all ways.
    std::vector<FalseKey> keys;   ///< Each key that keytone reports with the first limits.
};

/// SpanDSP hears at 8 kHz only. Throws what clip_samples() throws.
Hearing hear(const Setting& setting, std::span<const Clip> clips, std::span<const Way> ways,
             std::span<const DtmfLimits> limits);

} // namespace keytone::accuracy
