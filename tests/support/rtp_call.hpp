// SPDX-License-Identifier: MIT
//
// A caller who presses keys, a network, and a receiver. The only clocks are those of both ends.
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/events/telephone_event_sender.hpp"
#include "engine/rtp/rtp_receiver.hpp"
#include "engine/rtp/rtp_sender.hpp"
#include "tests/support/impaired_network.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace keytone::test {

struct RtpCallConfig {
    Impairment impairment;
    bool as_events = false;  ///< Keys as telephone events, otherwise as tones.
    double sender_ppm = 0.0; ///< How much faster the sender's clock is.
    double packet_ms = 20.0;
    double tone_ms = 100.0;
    double min_pause_ms = 100.0; ///< Between two keys, uniform from this to the next.
    double max_pause_ms = 400.0;
    double noise_dbm0 = -70.0; ///< On the line.
    int keys = 1000;
    std::uint64_t seed = 1;
    JitterBufferLimits limits{};
};

struct RtpCallResult {
    std::string pressed;
    std::string heard;                   ///< The keys, by their reports of begin.
    std::size_t reports_out_of_turn = 0; ///< Ends without a begin, or the other way round.
    JitterBufferFigures buffer;
    RtpSourceFigures source;
    double loss = 0.0;          ///< Share of lost packets.
    double mean_delay_ms = 0.0; ///< From the fastest packet's arrival to the playout.
    double worst_delay_ms = 0.0;
    std::size_t missed = 0;          ///< Keys pressed that were not heard,
    std::size_t doubled = 0;         ///< and keys heard that were not pressed, by the shortest edit.
    std::size_t wholly_lost = 0;     ///< Keys of which no event packet came.
    std::size_t missed_at_best = 0;  ///< The same for a detector that gets every packet, or its loss, in
    std::size_t doubled_at_best = 0; ///< order.
};

RtpCallResult run_rtp_call(const RtpCallConfig& config);

} // namespace keytone::test
