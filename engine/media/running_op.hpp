// SPDX-License-Identifier: MIT
//
// The op that runs on a leg, whatever it is. The leg asks it when it ends and what it sends; what is special
// to gates and to tones, it asks those.
#pragma once

#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/media/gate_watch.hpp"
#include "engine/media/op_queue.hpp"
#include "engine/media/prompt_player.hpp"
#include "engine/media/tone_player.hpp"
#include "engine/media_action.hpp"
#include "engine/media_report.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <variant>

namespace keytone {

/// A wait, which sends nothing.
struct RunningWait {
    SampleIndex end;
    std::optional<SampleCount> after_speech; ///< Its length, counted from the end of the host's speech.
};

/// One op from its first sample to its last.
class RunningOp {
  public:
    using What = std::variant<PromptPlayer, TonePlayer, RunningWait, GateWatch>;
    /// What a cut does to it.
    enum class Cut : std::uint8_t { untouched, falls, ends };

    /// `op` starts at `begin`, as `what`. `[audio]`
    RunningOp(const MediaOp& op, SampleIndex begin, What what) noexcept
        : key_(op.key), known_since_(op.known_since), begin_(begin), what_(std::move(what)) {
        const auto* tones = std::get_if<SendTones>(&op.what);
        gap_ = tones != nullptr ? tones->gap : 0;
    }

    [[nodiscard]] OpKey key() const noexcept { return key_; }
    [[nodiscard]] SampleIndex known_since() const noexcept { return known_since_; }
    [[nodiscard]] SampleIndex begin() const noexcept { return begin_; }
    /// The silence to be kept behind each of its tones. `[audio]`
    [[nodiscard]] SampleCount gap() const noexcept { return gap_; }
    /// Null where it is none. `[audio]`
    [[nodiscard]] GateWatch* gate() noexcept { return std::get_if<GateWatch>(&what_); }
    [[nodiscard]] const GateWatch* gate() const noexcept { return std::get_if<GateWatch>(&what_); }
    [[nodiscard]] TonePlayer* tones() noexcept { return std::get_if<TonePlayer>(&what_); }
    [[nodiscard]] const TonePlayer* tones() const noexcept { return std::get_if<TonePlayer>(&what_); }

    /// When it ends by itself; `unlimited` for a gate. `[audio]`
    [[nodiscard]] SampleIndex end() const noexcept;
    /// The next sample behind `now` at which it begins or ends to send something; `unlimited` for none.
    /// `[audio]`
    [[nodiscard]] SampleIndex next_change(SampleIndex now) const noexcept;
    /// Samples that will not be sent. `[audio]`
    [[nodiscard]] SampleCount lost() const noexcept;
    /// Whether it will end as a failure: a prompt that is longer than it may be. `[audio]`
    [[nodiscard]] bool will_fail() const noexcept;
    /// How it ends at end(). `[audio]`
    [[nodiscard]] MediaReport::Kind outcome() const noexcept;
    /// Whether it is a wait for the end of the host's speech, and as long as that may last at most. `[audio]`
    [[nodiscard]] bool has_expired(SampleIndex speech_until) const noexcept;

    /// Cut at `now`. What sounds falls, and ends by itself; all else is over. `[audio]`
    Cut cut(SampleIndex now, CutScope scope) noexcept;
    /// The host's speech plays until `until`, and `played` until `now`, as far as was known. A wait for its
    /// end begins anew with every word of it; but not when what should have ended before is told to be over.
    /// `[audio]`
    void set_speech(SampleIndex now, SampleIndex until, bool played) noexcept;
    /// What it sends from `now` on: over `sent` or added to it. `[audio]`
    void send(std::span<std::int16_t> sent, SampleIndex now) noexcept;

  private:
    OpKey key_;
    SampleIndex known_since_;
    SampleIndex begin_;
    SampleCount gap_ = 0;
    bool is_cut_ = false;
    What what_;
};

} // namespace keytone
