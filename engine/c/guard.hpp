// SPDX-License-Identifier: MIT
//
// What the sources of the C interface share: exceptions are stopped here, and sizes of structures checked.
#pragma once

#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_limits.hpp"
#include "dsp/error.hpp"
#include "dsp/events/key_report.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/result.hpp"
#include "engine/c/keytone/keytone.h"

#include <cstddef>
#include <cstring>
#include <new>
#include <optional>
#include <type_traits>

namespace keytone::c {

/// Calls `work`, which returns an error, and turns exceptions into errors.
template <class Work>
keytone_error guarded(Work&& work) noexcept {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return KEYTONE_ERROR_MEMORY;
    } catch (...) {
        return KEYTONE_ERROR_INTERNAL;
    }
}

/// As much of `given` as its size covers, over the defaults; the defaults for null. Nothing for a size that
/// is smaller than the first version's.
template <class Config>
std::optional<Config> read(const Config* given, void (*set_defaults)(Config*),
                           std::size_t first_size) noexcept {
    Config config;
    set_defaults(&config);
    if (given == nullptr) {
        return config;
    }
    if (given->size < first_size) {
        return std::nullopt;
    }
    std::memcpy(&config, given, given->size < sizeof config ? given->size : sizeof config);
    config.size = sizeof config;
    return config;
}

/// An enumerator as a host in C passes it: any int. C++ may not even read a value that is none of the
/// enumeration.
template <class Enumerator>
int as_int(const Enumerator& value) noexcept {
    int bits = 0;
    static_assert(sizeof bits == sizeof value);
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

keytone_error error_of(Error error) noexcept;
keytone_report report_of(const DtmfReport& report) noexcept;
keytone_key_report report_of(const KeyReport& report) noexcept;
/// A begin or an end that a host hands in. Errors: ARGUMENT, INVALID_DIGIT.
Result<KeyReport, keytone_error> event_of(const keytone_key_report* report) noexcept;

/// Calls a host's function.
template <class... Args>
void call(void (*function)(Args...), std::type_identity_t<Args>... args) noexcept {
#if defined(KEYTONE_SINKS_MAY_BLOCK)
    [[maybe_unused]] const Unwatched unwatched{};
#endif
    function(args...);
}

/// A callable that passes reports to a host's function.
template <class Report>
auto reports_to(void (*sink)(void*, const Report*), void* user) noexcept {
    return [=](const auto& report) {
        const Report out = report_of(report);
        call(sink, user, &out);
    };
}

/// The limits of `profile` (q24 for null) with the sensitivity; or the error to return.
Result<DtmfLimits, keytone_error> limits_of(const char* profile,
                                            const keytone_sensitivity& sensitivity) noexcept;

} // namespace keytone::c
