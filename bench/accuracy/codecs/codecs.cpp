// SPDX-License-Identifier: MIT
#include "bench/accuracy/codecs/codecs.hpp"

namespace keytone::accuracy {

std::vector<Codec> codecs() {
#ifdef KEYTONE_ACCURACY_HAS_G729
    constexpr Pass g729a = through_g729a;
#else
    constexpr Pass g729a = nullptr;
#endif
#ifdef KEYTONE_ACCURACY_HAS_GSM
    constexpr Pass gsm_fr = through_gsm_fr;
#else
    constexpr Pass gsm_fr = nullptr;
#endif
#ifdef KEYTONE_ACCURACY_HAS_AMR
    constexpr Pass amr_12200 = through_amr_12200;
    constexpr Pass amr_4750 = through_amr_4750;
#else
    constexpr Pass amr_12200 = nullptr;
    constexpr Pass amr_4750 = nullptr;
#endif
#ifdef KEYTONE_ACCURACY_HAS_OPUS
    constexpr Pass opus_8000 = through_opus_8000;
#else
    constexpr Pass opus_8000 = nullptr;
#endif
    return {{"G.711 \xC2\xB5-law", 100.0, through_g711_ulaw},
            {"G.711 A-law", 100.0, through_g711_alaw},
            {"G.729A", 99.9, g729a},
            {"GSM-FR", 97.0, gsm_fr},
            {"AMR 12.2", 100.0, amr_12200},
            {"AMR 4.75", 85.0, amr_4750},
            {"Opus 8 kbit/s", 99.5, opus_8000}};
}

Pcm whole_frames(std::span<const std::int16_t> samples, std::size_t frame) {
    Pcm padded(samples.begin(), samples.end());
    padded.resize((samples.size() + frame - 1) / frame * frame);
    return padded;
}

} // namespace keytone::accuracy
