// SPDX-License-Identifier: MIT
#include "dsp/error.hpp"

#include "engine/c/guard.hpp"

namespace keytone::c {

namespace {

struct Pair {
    keytone_error of_c;
    Error of_dsp;
};

constexpr Pair pairs[]{
    {KEYTONE_ERROR_RATE, Error::rate_not_offered},
    {KEYTONE_ERROR_EMPTY_DIGITS, Error::empty_digits},
    {KEYTONE_ERROR_TOO_MANY_DIGITS, Error::too_many_digits},
    {KEYTONE_ERROR_INVALID_DIGIT, Error::invalid_digit},
    {KEYTONE_ERROR_PAUSE_ALONE, Error::pause_alone},
    {KEYTONE_ERROR_TONE, Error::tone_out_of_range},
    {KEYTONE_ERROR_GAP, Error::gap_out_of_range},
    {KEYTONE_ERROR_EDGE, Error::edge_out_of_range},
    {KEYTONE_ERROR_LEVEL, Error::level_out_of_range},
    {KEYTONE_ERROR_LEVEL_CLIPS, Error::level_clips},
    {KEYTONE_ERROR_PACKET_TIME, Error::packet_time_out_of_range},
};

} // namespace

keytone_error error_of(Error error) noexcept {
    for (const Pair& pair : pairs) {
        if (pair.of_dsp == error) {
            return pair.of_c;
        }
    }
    return KEYTONE_ERROR_INTERNAL;
}

} // namespace keytone::c

uint32_t keytone_version(void) {
    return KEYTONE_VERSION_MAJOR * 10000 + KEYTONE_VERSION_MINOR * 100 + KEYTONE_VERSION_PATCH;
}

const char* keytone_error_text(keytone_error error) {
    const int given = keytone::c::as_int(error);
    for (const auto& pair : keytone::c::pairs) {
        if (pair.of_c == given) {
            return keytone::text(pair.of_dsp).data(); // literals
        }
    }
    switch (given) {
    case KEYTONE_OK:
        return "no error";
    case KEYTONE_ERROR_ARGUMENT:
        return "a pointer is null, or a size or value is none of those offered: see keytone.h";
    case KEYTONE_ERROR_MEMORY:
        return "out of memory: free some and try again";
    case KEYTONE_ERROR_PROFILE:
        return "no such profile: use q24, att, ntt, danish, australian, brazilian, etsi or microphone";
    case KEYTONE_ERROR_BLOCK:
        return "a block must have 1 to 192000 samples: cut it into several";
    case KEYTONE_ERROR_LINE:
        return "the line was not taken: keytone_session_message() says why";
    case KEYTONE_ERROR_BUSY:
        return "a key waits already, or the new one begins before the last one's end: send it later";
    default:
        return "a mistake within keytone: please report it";
    }
}
