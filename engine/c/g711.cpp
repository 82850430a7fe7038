// SPDX-License-Identifier: MIT
#include "dsp/g711.hpp"

#include "engine/c/keytone/keytone.h"

namespace {

keytone_error decode(keytone::G711Law law, const uint8_t* codes, size_t count,
                     int16_t* samples) KEYTONE_NONBLOCKING {
    if (count > 0 && (codes == nullptr || samples == nullptr)) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    keytone::g711_decode(law, {codes, count}, {samples, count});
    return KEYTONE_OK;
}

keytone_error encode(keytone::G711Law law, const int16_t* samples, size_t count,
                     uint8_t* codes) KEYTONE_NONBLOCKING {
    if (count > 0 && (codes == nullptr || samples == nullptr)) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    keytone::g711_encode(law, {samples, count}, {codes, count});
    return KEYTONE_OK;
}

} // namespace

keytone_error keytone_ulaw_decode(const uint8_t* codes, size_t count, int16_t* samples) KEYTONE_NONBLOCKING {
    return decode(keytone::G711Law::ulaw, codes, count, samples);
}

keytone_error keytone_ulaw_encode(const int16_t* samples, size_t count, uint8_t* codes) KEYTONE_NONBLOCKING {
    return encode(keytone::G711Law::ulaw, samples, count, codes);
}

keytone_error keytone_alaw_decode(const uint8_t* codes, size_t count, int16_t* samples) KEYTONE_NONBLOCKING {
    return decode(keytone::G711Law::alaw, codes, count, samples);
}

keytone_error keytone_alaw_encode(const int16_t* samples, size_t count, uint8_t* codes) KEYTONE_NONBLOCKING {
    return encode(keytone::G711Law::alaw, samples, count, codes);
}
