// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/media/spsc_ring.hpp"
#include "engine/media_action.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <variant>

namespace keytone {

/// How many samples the op sends by itself: those of a prompt or a digit string. 0 for others. `[any]`
inline SampleCount sounding_length(const MediaOp& op) noexcept {
    if (const auto* prompt = std::get_if<PlayPrompt>(&op.what)) {
        return std::ssize(prompt->samples);
    }
    if (const auto* tones = std::get_if<SendTones>(&op.what)) {
        return tones->generator->length();
    }
    return 0;
}

/// Which ops a cut ends.
enum class CutScope : std::uint8_t { everything, speech };

/// Whether it is a prompt, or a gate that waits for the host's own speech. `[any]`
inline bool is_speech(const MediaOp& op) noexcept {
    const auto* gate = std::get_if<Gate>(&op.what);
    return std::holds_alternative<PlayPrompt>(op.what) || (gate != nullptr && gate->cue == CueKind::drained);
}

/// The ops of a leg that have not started, first in, first out. The first is taken out of the ring early, so
/// that the leg can look ahead to it. Ops that a cut applies to are cancelled even if they arrive after the
/// cut.
class OpQueue {
  public:
    using Sink = FunctionRef<void(const MediaOp&)>;

    /// `[control]`
    explicit OpQueue(std::size_t capacity) : ring_(capacity) {}

    /// False when it is full: then nothing changes. `[control]`
    bool try_push(const MediaOp& op) noexcept { return ring_.try_push(op); }

    /// Takes in what was pushed by now, and nothing more before the next call: so the work is bounded.
    /// `[audio]`
    void take_in() noexcept { arrived_ = ring_.size(); }
    /// The first op, if there is one. `cancelled` is called for each op that a cut or a hang-up applies to.
    /// `[audio]`
    const std::optional<MediaOp>& front(Sink cancelled) noexcept {
        if (front_ && is_cut(*front_)) {
            cancelled(*front_);
            front_.reset();
        }
        for (MediaOp op; !front_ && arrived_ > 0 && ring_.try_pop(op); --arrived_) {
            if (is_cut(op)) {
                cancelled(op);
            } else {
                front_ = op;
            }
        }
        return front_;
    }
    /// The first op, as front() left it. `[audio]`
    [[nodiscard]] const std::optional<MediaOp>& front() const noexcept { return front_; }
    void pop() noexcept { front_.reset(); }
    /// Whether none is left of those that take_in() found. `[audio]`
    [[nodiscard]] bool is_empty() const noexcept { return !front_ && arrived_ == 0; }

    /// Cancels every op before `before`. `[audio]`
    void cut(OpKey before, CutScope scope) noexcept {
        OpKey& bound = scope == CutScope::everything ? cut_before_ : speech_cut_before_;
        bound = std::max(bound, before);
    }
    /// Cancels every op, for ever. `[audio]`
    void close() noexcept { closed_ = true; }

  private:
    [[nodiscard]] bool is_cut(const MediaOp& op) const noexcept {
        return closed_ || op.key < cut_before_ || (op.key < speech_cut_before_ && is_speech(op));
    }

    SpscRing<MediaOp> ring_;
    std::size_t arrived_ = 0; // how many in the ring may be taken out
    std::optional<MediaOp> front_;
    OpKey cut_before_{};
    OpKey speech_cut_before_{};
    bool closed_ = false;
};

} // namespace keytone
