// SPDX-License-Identifier: MIT
//
// The op that runs on a leg, of any kind. The leg asks it when it ends and what it sends; what only gates or
// tones have, it asks those.
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

/// A wait, during which nothing is sent.
struct RunningWait {
    SampleIndex end;
    std::optional<SampleCount> after_speech; ///< Its length, counted from the end of the host's speech.
};

/// One op from its first sample to its last.
class RunningOp {
  public:
    using What = std::variant<PromptPlayer, TonePlayer, RunningWait, GateWatch>;
    /// The effect of a cut on an op.
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
    /// The silence to be kept after each of its tones. `[audio]`
    [[nodiscard]] SampleCount gap() const noexcept { return gap_; }
    /// Null where the op is no gate. `[audio]`
    [[nodiscard]] GateWatch* gate() noexcept { return std::get_if<GateWatch>(&what_); }
    [[nodiscard]] const GateWatch* gate() const noexcept { return std::get_if<GateWatch>(&what_); }
    [[nodiscard]] TonePlayer* tones() noexcept { return std::get_if<TonePlayer>(&what_); }
    [[nodiscard]] const TonePlayer* tones() const noexcept { return std::get_if<TonePlayer>(&what_); }

    /// When it ends by itself; `unlimited` for a gate. `[audio]`
    [[nodiscard]] SampleIndex end() const noexcept;
    /// The next sample after `now` at which it begins or stops sending something; `unlimited` for none.
    /// `[audio]`
    [[nodiscard]] SampleIndex next_change(SampleIndex now) const noexcept;
    /// Samples that will not be sent. `[audio]`
    [[nodiscard]] SampleCount lost() const noexcept;
    /// Whether it will end as a failure: a prompt that is longer than it may be. `[audio]`
    [[nodiscard]] bool will_fail() const noexcept;
    /// How it ends at end(). `[audio]`
    [[nodiscard]] MediaReport::Kind outcome() const noexcept;
    /// Whether it is a wait for the end of the host's speech that has lasted as long as that may at most.
    /// `[audio]`
    [[nodiscard]] bool has_expired(SampleIndex speech_until) const noexcept;

    /// Cut at `now`. Prompts and tones fade out and then end by themselves; everything else ends at once.
    /// `[audio]`
    Cut cut(SampleIndex now, CutScope scope) noexcept;
    /// The host's speech plays until `until`; `played`: until `now` it was playing, as far as was known. A
    /// wait for its end starts again whenever more speech is queued, but not when the host only reports late
    /// that speech is over which should have ended before. `[audio]`
    void set_speech(SampleIndex now, SampleIndex until, bool played) noexcept;
    /// Sends from `now` on: replaces `sent` or adds to it. `[audio]`
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
