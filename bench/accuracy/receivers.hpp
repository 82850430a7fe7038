// SPDX-License-Identifier: MIT
//
// The two receivers that are compared, each with its defaults.
#pragma once

#include "bench/accuracy/score.hpp"
#include "bench/accuracy/sound.hpp"
#include "dsp/dtmf_detector.hpp"

#include <span>
#include <vector>

namespace keytone::accuracy {

/// What keytone says, and when it does so.
struct KeytoneReport {
    DtmfReport report;
    double at_s;
};

/// Samples fed at a time, and which of them never arrived.
struct Feed {
    double ms = 5.0;
    /// A flag for each feed; empty when all arrived. Receivers are told of a loss.
    std::vector<bool> lost{};
};

std::vector<KeytoneReport> keytone_reports(std::span<const std::int16_t> samples, int rate_hz,
                                           const DtmfLimits& limits = {}, const Feed& feed = {});
/// The keys among them, each when it was certain.
std::vector<HeardKey> confirmed_keys(std::span<const KeytoneReport> reports);
std::vector<HeardKey> heard_by_keytone(std::span<const std::int16_t> samples, int rate_hz,
                                       const DtmfLimits& limits = {}, const Feed& feed = {});

/// SpanDSP works at 8 kHz only.
std::vector<HeardKey> heard_by_spandsp(std::span<const std::int16_t> samples, const Feed& feed = {});

/// SpanDSP fills its tables when its first receiver is made, without a lock: call it before any thread.
void prepare_receivers();

} // namespace keytone::accuracy
