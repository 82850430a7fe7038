// SPDX-License-Identifier: MIT
#include "bench/listening/noisy_line.hpp"

#include <algorithm>
#include <string>

namespace keytone::listening {

using accuracy::Codec;
using accuracy::Figure;
using accuracy::Pcm;
using accuracy::Random;

namespace {

constexpr int rate_hz = 8000;

} // namespace

ToneForm random_form(Random& random) {
    return {random.uniform(-30.0, 0.0), random.uniform(0.99, 1.01), random.uniform(0.9, 1.1)};
}

Pcm on_line(const std::vector<float>& tone, const ToneForm& form, accuracy::Pass codec, Random& random) {
    accuracy::Sound sound{rate_hz, std::vector<float>(accuracy::sample_count(1000.0 * lead_s, rate_hz)), {}};
    sound.samples.insert(sound.samples.end(), tone.begin(), tone.end());
    sound.samples.resize(sound.samples.size() + accuracy::sample_count(1000.0 * lead_s, rate_hz));
    accuracy::add_noise(sound, accuracy::mean_square(form.dbm0), snr_db, random);
    Pcm samples = accuracy::to_pcm(sound.samples);
    return codec == nullptr ? samples : codec(samples);
}

std::vector<Codec> line_ways() {
    std::vector<Codec> all{{"linear", asked_percent, nullptr}};
    for (const Codec& codec : accuracy::codecs()) {
        const std::string name = codec.name;
        const bool counts = name.starts_with("G.711") || name.starts_with("GSM") || name.starts_with("G.729");
        if (counts && codec.pass != nullptr) {
            all.push_back(codec);
        }
    }
    return all;
}

Figure percent_figure(int right, int pieces) {
    const double percent = 100.0 * right / std::max(pieces, 1);
    return {percent, accuracy::percent_text(percent)};
}

} // namespace keytone::listening
