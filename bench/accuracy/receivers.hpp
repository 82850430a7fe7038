// SPDX-License-Identifier: MIT
//
// The two receivers that are compared, each with its default settings.
#pragma once

#include "bench/accuracy/score.hpp"
#include "bench/accuracy/sound.hpp"
#include "dsp/dtmf_detector.hpp"

#include <span>
#include <vector>

namespace keytone::accuracy {

/// A report of keytone, and the time at which it came.
struct KeytoneReport {
    DtmfReport report;
    double at_s;
};

/// How many samples are fed at a time, and which of them never arrived.
struct Feed {
    double ms = 5.0;
    /// A flag for each piece; empty when all arrived. Receivers are told about losses.
    std::vector<bool> lost{};
};

std::vector<KeytoneReport> keytone_reports(std::span<const std::int16_t> samples, int rate_hz,
                                           const DtmfLimits& limits = {}, const Feed& feed = {});
/// The confirmed keys among the reports, each with the time of its confirmation.
std::vector<HeardKey> confirmed_keys(std::span<const KeytoneReport> reports);
std::vector<HeardKey> heard_by_keytone(std::span<const std::int16_t> samples, int rate_hz,
                                       const DtmfLimits& limits = {}, const Feed& feed = {});

/// SpanDSP works at 8 kHz only.
std::vector<HeardKey> heard_by_spandsp(std::span<const std::int16_t> samples, const Feed& feed = {});

/// SpanDSP fills its tables when its first receiver is made, without a lock: to be called before any thread
/// starts.
void prepare_receivers();

} // namespace keytone::accuracy
