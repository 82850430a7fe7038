// SPDX-License-Identifier: MIT
#include "dsp/dtmf_batch.hpp"
#include "dsp/dtmf_detector.hpp"
#include "dsp/nonblocking.hpp"
#include "engine/c/guard.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

struct keytone_detector {
    keytone::DtmfDetector detector;
};

namespace keytone::c {

namespace {

constexpr auto most_samples = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());

bool is_frame(const keytone_frame& frame) {
    return frame.detector != nullptr && (frame.samples != nullptr || frame.count == 0);
}

} // namespace

keytone_report report_of(const DtmfReport& report) noexcept {
    keytone_report out{};
    out.size = sizeof out;
    out.kind = report.kind == DtmfReport::Kind::hint    ? KEYTONE_REPORT_HINT
               : report.kind == DtmfReport::Kind::begin ? KEYTONE_REPORT_BEGIN
                                                        : KEYTONE_REPORT_END;
    out.key = report.key.character();
    out.onset = report.onset;
    out.duration = report.duration;
    out.low_dbm0 = report.low_level.value;
    out.high_dbm0 = report.high_level.value;
    out.low_hz = report.low_frequency.value;
    out.high_hz = report.high_frequency.value;
    out.snr_db = report.snr.value;
    return out;
}

Result<DtmfLimits, keytone_error> limits_of(const char* profile,
                                            const keytone_sensitivity& sensitivity) noexcept {
    auto limits = profile == nullptr ? DtmfLimits{} : dtmf_profile(profile);
    if (!limits) {
        return KEYTONE_ERROR_PROFILE;
    }
    switch (as_int(sensitivity)) {
    case KEYTONE_SENSITIVITY_NORMAL:
        limits->sensitivity = Sensitivity::normal;
        break;
    case KEYTONE_SENSITIVITY_STRICT:
        limits->sensitivity = Sensitivity::strict;
        break;
    case KEYTONE_SENSITIVITY_SENSITIVE:
        limits->sensitivity = Sensitivity::sensitive;
        break;
    default:
        return KEYTONE_ERROR_ARGUMENT;
    }
    return *limits;
}

} // namespace keytone::c

using keytone::c::report_of;
using keytone::c::reports_to;

void keytone_detector_config_init(keytone_detector_config* config) {
    if (config != nullptr) {
        *config = {sizeof *config, 8000, nullptr, KEYTONE_SENSITIVITY_NORMAL};
    }
}

keytone_error keytone_detector_create(const keytone_detector_config* config, keytone_detector** detector) {
    const auto wanted = keytone::c::read(config, keytone_detector_config_init,
                                         offsetof(keytone_detector_config, sensitivity));
    if (detector == nullptr || !wanted) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    return keytone::c::guarded([&] {
        const auto rate = keytone::SampleRate::from_hz(wanted->rate_hz);
        const auto limits = keytone::c::limits_of(wanted->profile, wanted->sensitivity);
        if (!rate) {
            return keytone::c::error_of(rate.error());
        }
        if (!limits) {
            return limits.error();
        }
        *detector = new keytone_detector{keytone::DtmfDetector(*rate, *limits)};
        return KEYTONE_OK;
    });
}

void keytone_detector_destroy(keytone_detector* detector) {
    delete detector;
}

keytone_error keytone_detector_process(keytone_detector* detector, const int16_t* samples, size_t count,
                                       keytone_report_sink sink, void* user) KEYTONE_NONBLOCKING {
    if (detector == nullptr || sink == nullptr || (samples == nullptr && count > 0)) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    detector->detector.process({samples, count}, reports_to(sink, user));
    return KEYTONE_OK;
}

static_assert(keytone::longest_bridged_loss.value == 200.0, "keytone.h says so");

keytone_error keytone_detector_process_lost(keytone_detector* detector, size_t count,
                                            keytone_report_sink sink, void* user) KEYTONE_NONBLOCKING {
    if (detector == nullptr || sink == nullptr || count > keytone::c::most_samples) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    detector->detector.process_lost(static_cast<keytone::SampleCount>(count), reports_to(sink, user));
    return KEYTONE_OK;
}

keytone_error keytone_detector_finish(keytone_detector* detector, keytone_report_sink sink,
                                      void* user) KEYTONE_NONBLOCKING {
    if (detector == nullptr || sink == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    detector->detector.finish(reports_to(sink, user));
    return KEYTONE_OK;
}

keytone_error keytone_detector_reset(keytone_detector* detector) KEYTONE_NONBLOCKING {
    if (detector == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    detector->detector.reset();
    return KEYTONE_OK;
}

int64_t keytone_detector_position(const keytone_detector* detector) {
    return detector == nullptr ? 0 : detector->detector.position();
}

keytone_error keytone_process_batch(const keytone_frame* frames, size_t count, keytone_batch_sink sink,
                                    void* user) KEYTONE_NONBLOCKING {
    if (sink == nullptr || (frames == nullptr && count > 0)) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    const std::span<const keytone_frame> all(frames, count);
    if (!std::ranges::all_of(all, keytone::c::is_frame)) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    std::array<keytone::DtmfFrame, 256> part;
    for (std::size_t first = 0; first < count; first += part.size()) {
        const std::size_t now = std::min(part.size(), count - first);
        std::ranges::transform(all.subspan(first, now), part.begin(), [](const keytone_frame& frame) {
            return keytone::DtmfFrame{&frame.detector->detector, {frame.samples, frame.count}};
        });
        keytone::process_batch(std::span(part).first(now),
                               [&](std::size_t index, const keytone::DtmfReport& report) {
                                   const keytone_report out = report_of(report);
                                   keytone::c::call(sink, user, first + index, &out);
                               });
    }
    return KEYTONE_OK;
}
