// SPDX-License-Identifier: MIT
#include "bench/listening/progress_receivers.hpp"

#include "dsp/listener/beep_listener.hpp"
#include "dsp/listener/line_listener.hpp"
#include "dsp/listener/progress_listener.hpp"

#include <spandsp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace keytone::listening {

namespace {

constexpr double rate_hz = 8000.0;
constexpr std::size_t piece = 160; // samples that SpanDSP gets at a time
constexpr double time_tolerance = 0.15;
constexpr int longest_ms = 1'000'000;

struct FreeTones {
    void operator()(super_tone_rx_descriptor_t* tones) const { super_tone_rx_free_descriptor(tones); }
    void operator()(super_tone_rx_state_t* receiver) const { super_tone_rx_free(receiver); }
    void operator()(modem_connect_tones_rx_state_t* receiver) const { modem_connect_tones_rx_free(receiver); }
};
using Tones = std::unique_ptr<super_tone_rx_descriptor_t, FreeTones>;
using ToneReceiver = std::unique_ptr<super_tone_rx_state_t, FreeTones>;
using FaxReceiver = std::unique_ptr<modem_connect_tones_rx_state_t, FreeTones>;

/// The country's tones, whose numbers are those of `names`.
Tones tones_of(std::string_view country, std::vector<std::string>& names) {
    Tones tones(super_tone_rx_make_descriptor(nullptr));
    for (const NetworkTone& tone : network_tones()) {
        if (tone.country != country || tone.bursts_before > 0) {
            continue;
        }
        const ToneFrequencies hz = frequencies_of(tone.hz);
        const int first = static_cast<int>(hz.first);
        const int second = hz.modulated ? 0 : static_cast<int>(hz.second); // It has no modulated tones.
        const int number = super_tone_rx_add_tone(tones.get());
        names.resize(static_cast<std::size_t>(number) + 1);
        names.back() = tone.tone;
        if (tone.ms.empty()) {
            super_tone_rx_add_element(tones.get(), number, first, second, 550, longest_ms);
        }
        for (std::size_t i = 0; i < tone.ms.size(); ++i) {
            const bool sounds = i % 2 == 0;
            super_tone_rx_add_element(tones.get(), number, sounds ? first : 0, sounds ? second : 0,
                                      static_cast<int>(tone.ms[i] * (1.0 - time_tolerance)),
                                      static_cast<int>(tone.ms[i] * (1.0 + time_tolerance)));
        }
    }
    return tones;
}

struct Reports {
    std::vector<std::string> names;
    std::vector<HeardTone> heard;
    double now_s = 0.0;

    void add(const std::string& name) {
        if (!name.empty() && (heard.empty() || heard.back().tone != name)) {
            heard.push_back({name, "none", now_s, now_s});
        }
    }
};

template <class Take>
void feed(std::span<const std::int16_t> samples, Reports& reports, const Take& take) {
    for (std::size_t at = 0; at < samples.size(); at += piece) {
        const auto part = samples.subspan(at, std::min(piece, samples.size() - at));
        reports.now_s = static_cast<double>(at + part.size()) / rate_hz;
        take(part.data(), static_cast<int>(part.size()));
    }
}

void on_supervisory_tone(void* user, int code, int /*level*/, int /*delay*/) {
    auto& reports = *static_cast<Reports*>(user);
    if (code >= 0 && static_cast<std::size_t>(code) < reports.names.size()) {
        reports.add(reports.names[static_cast<std::size_t>(code)]);
    }
}

std::string name_of_fax_tone(int code) {
    switch (code) {
    case MODEM_CONNECT_TONES_FAX_CNG:
        return "fax_calling";
    case MODEM_CONNECT_TONES_ANS:
        return "answering";
    case MODEM_CONNECT_TONES_ANS_PR:
    case MODEM_CONNECT_TONES_ANSAM:
    case MODEM_CONNECT_TONES_ANSAM_PR:
        return "modem_answering";
    case MODEM_CONNECT_TONES_FAX_PREAMBLE:
        return "fax_preamble";
    default:
        return {};
    }
}

void on_fax_tone(void* user, int code, int /*level*/, int /*delay*/) {
    static_cast<Reports*>(user)->add(name_of_fax_tone(code));
}

} // namespace

std::vector<HeardTone> progress_by_keytone(std::span<const std::int16_t> samples, std::string_view country) {
    const auto scope = Country::from_code(country);
    if (!scope) {
        throw std::invalid_argument("no country " + std::string(country));
    }
    LineListener line(SampleRate::narrowband());
    ProgressListener progress(SampleRate::narrowband(), {}, *scope);
    std::vector<HeardTone> heard;
    line.process(
        samples, [](const LineEvent&) {},
        [&](const LineFront::Frame& frame) {
            progress.hear(frame, [&](const ProgressEvent& event) {
                if (event.kind == ProgressEvent::Kind::began) {
                    heard.push_back({std::string(name_of(event.tone)),
                                     std::string(name_of(event.information)),
                                     static_cast<double>(event.at) / rate_hz,
                                     static_cast<double>(event.known) / rate_hz});
                }
            });
        });
    return heard;
}

std::vector<double> beeps_by_keytone(std::span<const std::int16_t> samples) {
    LineListener line(SampleRate::narrowband());
    BeepListener beeps(SampleRate::narrowband());
    std::vector<double> ends;
    beeps.process(line, samples, [&](const LineEvent& event) {
        if (event.kind == LineEvent::Kind::beep_ended) {
            ends.push_back(static_cast<double>(event.at) / rate_hz);
        }
    });
    return ends;
}

std::vector<HeardTone> progress_by_spandsp(std::span<const std::int16_t> samples, std::string_view country) {
    Reports reports;
    const Tones tones = tones_of(country, reports.names);
    const ToneReceiver receiver(super_tone_rx_init(nullptr, tones.get(), on_supervisory_tone, &reports));
    feed(samples, reports,
         [&](const std::int16_t* data, int count) { super_tone_rx(receiver.get(), data, count); });
    return reports.heard;
}

std::vector<HeardTone> fax_by_spandsp(std::span<const std::int16_t> samples) {
    std::vector<HeardTone> heard;
    for (const int kind :
         {MODEM_CONNECT_TONES_FAX_CNG, MODEM_CONNECT_TONES_ANS_PR, MODEM_CONNECT_TONES_FAX_PREAMBLE}) {
        Reports reports;
        const FaxReceiver receiver(modem_connect_tones_rx_init(nullptr, kind, on_fax_tone, &reports));
        feed(samples, reports, [&](const std::int16_t* data, int count) {
            modem_connect_tones_rx(receiver.get(), data, count);
        });
        heard.insert(heard.end(), reports.heard.begin(), reports.heard.end());
    }
    return heard;
}

} // namespace keytone::listening
