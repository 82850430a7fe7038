// SPDX-License-Identifier: MIT
#include "bench/listening/tones.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <string_view>

namespace keytone::listening {

namespace {

constexpr int rate_hz = 8000;
constexpr double turn = 2.0 * std::numbers::pi;

std::size_t samples_in(double ms) {
    return accuracy::sample_count(ms, rate_hz);
}

double leading_number(std::string_view text) {
    double number = 0.0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// Its samples, scaled to a mean square of one half.
class Voice {
  public:
    Voice(std::string_view hz, const ToneForm& form)
        : tone_(frequencies_of(hz)), peak_(accuracy::sine_peak(form.dbm0)) {
        tone_.first *= form.frequency_factor;
        tone_.second *= form.frequency_factor;
    }
    [[nodiscard]] double at(double seconds) const {
        const double carrier = std::sin(turn * tone_.first * seconds);
        if (tone_.second == 0.0) {
            return peak_ * carrier;
        }
        if (tone_.modulated) {
            constexpr double depth = 0.9;
            return peak_ / std::sqrt(1.0 + depth * depth / 2.0) * carrier *
                   (1.0 - depth * std::cos(turn * tone_.second * seconds));
        }
        return peak_ * std::sqrt(0.5) * (carrier + std::sin(turn * tone_.second * seconds));
    }

  private:
    ToneFrequencies tone_;
    double peak_;
};

/// Adds the sound for `ms`, or silence.
void add(std::vector<float>& samples, const Voice* voice, double ms) {
    const std::size_t count = samples_in(ms);
    for (std::size_t i = 0; i < count; ++i) {
        samples.push_back(voice == nullptr ? 0.0F
                                           : static_cast<float>(voice->at(static_cast<double>(i) / rate_hz)));
    }
}

} // namespace

ToneFrequencies frequencies_of(std::string_view hz) {
    const std::size_t sign = hz.find_first_of("+*");
    if (sign == std::string_view::npos) {
        return {leading_number(hz)};
    }
    return {leading_number(hz), leading_number(hz.substr(sign + 1)), hz[sign] == '*'};
}

const std::vector<NetworkTone>& network_tones() {
    static const std::vector<NetworkTone> all{
        {"us", "dial", "350+440", {}},
        {"us", "second_dial", "350+440", {100}, 3},
        {"us", "ringback", "440+480", {2000, 4000}},
        {"us", "busy", "480+620", {500, 500}},
        {"us", "congestion", "480+620", {250, 250}},
        {"us", "call_waiting", "440", {300, 10000}},
        {"ca", "dial", "350+440", {}},
        {"ca", "ringback", "440+480", {2000, 4000}},
        {"ca", "busy", "480+620", {500, 500}},
        {"ca", "congestion", "480+620", {250, 250}},
        {"gb", "dial", "350+440", {}},
        {"gb", "ringback", "400+450", {400, 200, 400, 2000}},
        {"gb", "busy", "400", {375, 375}},
        {"gb", "congestion", "400", {400, 350, 225, 525}},
        {"gb", "call_waiting", "400", {100, 4000}},
        {"gb", "number_unobtainable", "400", {}, 0, "dial"},
        {"de", "dial", "425", {}},
        {"de", "second_dial", "425", {100}, 3},
        {"de", "ringback", "425", {1000, 4000}},
        {"de", "busy", "425", {480, 480}},
        {"de", "congestion", "425", {240, 240}},
        {"de", "call_waiting", "425", {200, 200, 200, 5000}},
        {"fr", "dial", "440", {}},
        {"fr", "ringback", "440", {1500, 3500}},
        {"fr", "busy", "440", {500, 500}},
        {"fr", "congestion", "440", {250, 250}},
        {"fr", "call_waiting", "440", {300, 10000}},
        {"es", "dial", "425", {}},
        {"es", "ringback", "425", {1500, 3000}},
        {"es", "busy", "425", {200, 200}, 0, "congestion"},
        {"es", "congestion", "425", {200, 200, 200, 200, 200, 600}},
        {"es", "call_waiting", "425", {175, 175, 175, 3500}},
        {"it", "dial", "425", {200, 200, 600, 1000}},
        {"it", "second_dial", "425", {}, 0, "dial"},
        {"it", "ringback", "425", {1000, 4000}},
        {"it", "busy", "425", {500, 500}},
        {"it", "congestion", "425", {200, 200}},
        {"it", "call_waiting", "425", {400, 100, 250, 100, 150, 14000}},
        {"nl", "dial", "425", {}},
        {"nl", "second_dial", "425", {500, 50}},
        {"nl", "ringback", "425", {1000, 4000}},
        {"nl", "busy", "425", {500, 500}},
        {"nl", "congestion", "425", {250, 250}},
        {"nl", "call_waiting", "425", {500, 9500}},
        {"pl", "dial", "425", {}},
        {"pl", "second_dial", "425", {500, 50}},
        {"pl", "ringback", "425", {1000, 4000}},
        {"pl", "busy", "425", {500, 500}},
        {"pl", "congestion", "425", {500, 500}, 0, "busy"},
        {"pl", "call_waiting", "425", {150, 150, 150, 4000}},
        {"ru", "dial", "425", {}},
        {"ru", "second_dial", "425", {400, 40}},
        {"ru", "ringback", "425", {1000, 4000}},
        {"ru", "busy", "425", {350, 350}},
        {"ru", "congestion", "425", {175, 175}},
        {"ru", "call_waiting", "425", {200, 5000}},
        {"tr", "dial", "450", {}},
        {"tr", "ringback", "450", {2000, 4000}},
        {"tr", "busy", "450", {500, 500}},
        {"tr", "congestion", "450", {200, 200, 200, 200, 200, 200, 600, 200}},
        {"tr", "call_waiting", "450", {200, 600, 200, 8000}},
        {"in", "dial", "400*25", {}},
        {"in", "ringback", "400*25", {400, 200, 400, 2000}},
        {"in", "busy", "400", {750, 750}},
        {"in", "congestion", "400", {250, 250}},
        {"in", "call_waiting", "400", {200, 100, 200, 7500}},
        {"cn", "dial", "450", {}},
        {"cn", "ringback", "450", {1000, 4000}},
        {"cn", "busy", "450", {350, 350}},
        {"cn", "congestion", "450", {700, 700}, 0, "busy"},
        {"cn", "call_waiting", "450", {400, 4000}},
        {"cn", "number_unobtainable", "450", {100, 100, 100, 100, 100, 100, 400, 400}},
        {"jp", "dial", "400", {}},
        {"jp", "second_dial", "400", {125, 125}, 0, "congestion"},
        {"jp", "ringback", "400*16", {1000, 2000}},
        {"jp", "busy", "400", {500, 500}},
        {"jp", "call_waiting", "400*16", {500, 8000}},
        {"kr", "dial", "350+440", {}},
        {"kr", "ringback", "440+480", {1000, 2000}},
        {"kr", "busy", "480+620", {500, 500}},
        {"kr", "congestion", "480+620", {300, 200}, 0, "busy"},
        {"kr", "call_waiting", "350+440", {250, 250, 250, 3250}},
        {"au", "dial", "413+438", {}},
        {"au", "ringback", "413+438", {400, 200, 400, 2000}},
        {"au", "busy", "425", {375, 375}},
        {"au", "congestion", "425", {375, 375}, 0, "busy"},
        {"au", "call_waiting", "425", {200, 200, 200, 4400}},
        {"au", "number_unobtainable", "425", {2500, 500}},
        {"nz", "dial", "400", {}},
        {"nz", "ringback", "400+450", {400, 200, 400, 2000}},
        {"nz", "busy", "400", {500, 500}},
        {"nz", "congestion", "400", {250, 250}},
        {"nz", "call_waiting", "400", {200, 3000}},
        {"nz", "number_unobtainable", "400", {75, 100, 75, 100, 75, 100, 75, 400}},
        {"br", "dial", "425", {}},
        {"br", "ringback", "425", {1000, 4000}},
        {"br", "busy", "425", {250, 250}, 0, "congestion"},
        {"br", "congestion", "425", {250, 250, 750, 250}},
        {"br", "call_waiting", "425", {50, 1000}},
        {"mx", "dial", "425", {}},
        {"mx", "ringback", "425", {1000, 4000}},
        {"mx", "busy", "425", {250, 250}, 0, "congestion"},
        {"mx", "congestion", "425", {250, 250}, 0, "busy"},
        {"mx", "call_waiting", "425", {200, 600, 200, 10000}},
        {"ar", "dial", "425", {}},
        {"ar", "ringback", "425", {1000, 4000}},
        {"ar", "busy", "425", {300, 200}, 0, "congestion"},
        {"ar", "congestion", "425", {300, 400}, 0, "busy"},
        {"ar", "call_waiting", "425", {400, 200, 400, 4000}},
        {"za", "dial", "400*33", {}},
        {"za", "ringback", "400*33", {400, 200, 400, 2000}},
        {"za", "busy", "400", {500, 500}},
        {"za", "congestion", "400", {250, 250}},
        {"za", "call_waiting", "400*33", {250, 250}},
        {"il", "dial", "414", {}},
        {"il", "ringback", "414", {1000, 3000}},
        {"il", "busy", "414", {500, 500}},
        {"il", "congestion", "414", {250, 250}},
        {"il", "call_waiting", "414", {100, 100, 100, 100, 600, 3000}},
    };
    return all;
}

std::span<const InformationTone> information_tones() {
    static constexpr std::array all{
        InformationTone{"none", {950, 1400, 1800}, {330, 330, 330}},
        InformationTone{"reorder_local", {913.8, 1428.5, 1776.7}, {274, 380, 380}},
        InformationTone{"vacant_code", {985.2, 1370.6, 1776.7}, {380, 274, 380}},
        InformationTone{"no_circuit_local", {985.2, 1428.5, 1776.7}, {380, 380, 380}},
        InformationTone{"intercept", {913.8, 1370.6, 1776.7}, {274, 274, 380}},
        InformationTone{"reorder_distant", {985.2, 1370.6, 1776.7}, {274, 380, 380}},
        InformationTone{"no_circuit_distant", {913.8, 1370.6, 1776.7}, {380, 380, 380}},
        InformationTone{"ineffective", {913.8, 1428.5, 1776.7}, {380, 274, 380}},
        InformationTone{"reserved", {985.2, 1428.5, 1776.7}, {274, 274, 380}},
    };
    return all;
}

std::vector<float> network_tone(const NetworkTone& tone, double seconds, const ToneForm& form) {
    const Voice voice(tone.hz, form);
    std::vector<float> samples;
    const std::size_t length = samples_in(1000.0 * seconds);
    for (int i = 0; i < tone.bursts_before; ++i) {
        add(samples, &voice, tone.ms[0] * form.time_factor);
        add(samples, nullptr, tone.ms[0] * form.time_factor);
    }
    if (tone.ms.empty() || tone.bursts_before > 0) {
        add(samples, &voice, 1000.0 * seconds);
    }
    for (std::size_t i = 0; samples.size() < length; i = (i + 1) % tone.ms.size()) {
        add(samples, i % 2 == 0 ? &voice : nullptr, tone.ms[i] * form.time_factor);
    }
    samples.resize(length);
    return samples;
}

std::vector<float> information_tone(const InformationTone& tone, const ToneForm& form) {
    std::vector<float> samples;
    for (std::size_t i = 0; i < 3; ++i) {
        const Voice voice(std::to_string(tone.hz[i]), form);
        add(samples, &voice, tone.ms[i] * form.time_factor);
    }
    return samples;
}

std::vector<float> calling_tone(double seconds, const ToneForm& form) {
    return network_tone({"", "fax_calling", "1100", {500, 3000}}, seconds, form);
}

std::vector<float> answering_tone(double seconds, const ToneForm& form, bool modulated, bool reversed) {
    const double peak = accuracy::sine_peak(form.dbm0);
    std::vector<float> samples;
    for (std::size_t i = 0; i < samples_in(1000.0 * seconds); ++i) {
        const double at = static_cast<double>(i) / rate_hz;
        const double level = modulated ? 1.0 + 0.2 * std::sin(turn * 15.0 * at) : 1.0;
        const bool turned = reversed && static_cast<int>(at / 0.45) % 2 == 1;
        samples.push_back(static_cast<float>((turned ? -peak : peak) * level *
                                             std::sin(turn * 2100.0 * form.frequency_factor * at)));
    }
    return samples;
}

std::vector<float> fax_preamble(double seconds, const ToneForm& form) {
    constexpr std::array<int, 8> flag{0, 1, 1, 1, 1, 1, 1, 0};
    const double peak = accuracy::sine_peak(form.dbm0);
    std::vector<float> samples;
    double turns = 0.0;
    for (std::size_t i = 0; i < samples_in(1000.0 * seconds); ++i) {
        const auto bit = static_cast<std::size_t>(static_cast<double>(i) / rate_hz * 300.0);
        samples.push_back(static_cast<float>(peak * std::sin(turn * turns)));
        turns += (flag.at(bit % 8) == 1 ? 1650.0 : 1850.0) * form.frequency_factor / rate_hz;
    }
    return samples;
}

} // namespace keytone::listening
