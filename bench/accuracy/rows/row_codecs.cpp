// SPDX-License-Identifier: MIT
#include "bench/accuracy/codecs/codecs.hpp"
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <string>

namespace keytone::accuracy {

Outcome measure_codecs(const Setting& setting) {
    constexpr int codec_rate_hz = 8000;
    constexpr double source_snr_db = 40.0;
    std::vector<Codec> built;
    for (const Codec& codec : codecs()) {
        if (codec.pass != nullptr) {
            built.push_back(codec);
        }
    }
    const auto points =
        compare_points(setting, built.size(), [&](std::size_t point, int digits, Random& random) {
            const KeyShape shape;
            Sound sound = key_stream(shape, digits, codec_rate_hz, random);
            add_noise(sound, shape.power(), source_snr_db, random);
            sound.samples = from_pcm(built[point].pass(to_pcm(sound.samples)));
            return sound;
        });

    Outcome outcome;
    auto point = points.begin();
    for (const Codec& codec : codecs()) {
        const std::string what = std::string(codec.name) + ", 50/50 ms, 40 dB source SNR";
        if (codec.pass == nullptr) {
            outcome.lines.push_back(
                {what, percent_text(codec.asked_percent), {}, {}, {}, "its library was not built in"});
        } else {
            outcome.lines.push_back(enough_heard(setting, what, *point++, codec.asked_percent));
        }
    }
    return outcome;
}

} // namespace keytone::accuracy
