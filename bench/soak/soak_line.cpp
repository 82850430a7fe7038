// SPDX-License-Identifier: MIT
#include "bench/soak/soak_line.hpp"

#include "dsp/g711.hpp"

#include <algorithm>
#include <cstdlib>

namespace keytone::bench {

namespace {

constexpr SampleRate rate = SampleRate::narrowband();
constexpr SampleCount tolerance = 24; // 3 ms: a tone rises and falls for 2 ms each
constexpr std::string_view keys = "1234567890*#ABCD";
constexpr double lost_share = 0.01;
// A key needs silence before it, of any length, and after it to end in.
constexpr double shortest_silence_s = 0.3;
constexpr double longest_silence_s = 3.0;
constexpr double shortest_speech_s = 2.0;
constexpr double longest_speech_s = 15.0;
constexpr std::uint64_t most_keys = 8;

} // namespace

SoakCount& SoakCount::operator+=(const SoakCount& other) {
    sent += other.sent;
    exact += other.exact;
    wrong += other.wrong;
    return *this;
}

SoakLine::SoakLine(std::uint64_t seed, std::span<const std::int16_t> speech)
    : random_(seed), speech_(speech), is_ulaw_(random_.below(2) == 0) {}

void SoakLine::begin_keys() {
    std::string digits;
    for (std::uint64_t left = 1 + random_.below(most_keys); left > 0; --left) {
        digits += keys[random_.below(keys.size())];
    }
    // Well within what q24 accepts: the low tone up to 8 dB over the high one, the high one up to 4 dB over
    // the low one.
    const double low_dbm0 = random_.uniform(-18.0, -8.0);
    const DtmfTone tone{.tone = Milliseconds{random_.uniform(50.0, 120.0)},
                        .gap = Milliseconds{random_.uniform(50.0, 120.0)},
                        .low_level = Dbm0{low_dbm0},
                        .high_level = Dbm0{low_dbm0 + random_.uniform(-6.0, 3.0)}};
    generator_ = DtmfGenerator::create(DigitString::parse(digits).value(), tone, rate).value();
    left_ = generator_->length();
    generator_->for_each_tone([&](const DtmfGenerator::Tone& sounded) {
        sent_[(first_sent_ + waiting_) % sent_.size()] = {
            sounded.key.character(), detector_.position() + sounded.begin, sounded.end - sounded.begin};
        ++waiting_;
        ++count_.sent;
    });
}

// Silence follows every part, and precedes keys.
void SoakLine::begin_part() {
    generator_.reset();
    if (part_ != Part::silence) {
        part_ = Part::silence;
        left_ = rate.samples(Milliseconds{1000.0 * random_.uniform(shortest_silence_s, longest_silence_s)});
    } else if (random_.below(2) == 0) {
        part_ = Part::keys;
        begin_keys();
    } else {
        part_ = Part::speech;
        left_ = rate.samples(Milliseconds{1000.0 * random_.uniform(shortest_speech_s, longest_speech_s)});
        at_ = static_cast<std::size_t>(random_.below(speech_.size()));
    }
}

void SoakLine::tick() {
    if (left_ <= 0) {
        begin_part();
    }
    std::array<std::int16_t, frame_size> samples{};
    if (part_ == Part::keys) {
        generator_->generate(samples);
    } else if (part_ == Part::speech) {
        for (std::span<std::int16_t> left = samples; !left.empty();) {
            const auto heard = speech_.subspan(at_, std::min(left.size(), speech_.size() - at_));
            std::ranges::copy(heard, left.begin());
            left = left.subspan(heard.size());
            at_ = (at_ + heard.size()) % speech_.size();
        }
    }
    left_ -= static_cast<SampleCount>(frame_size);
    const auto take = [this](const DtmfReport& report) { hear(report); };
    if (part_ == Part::speech && random_.uniform() < lost_share) {
        detector_.process_lost(static_cast<SampleCount>(frame_size), take);
        return;
    }
    const G711Law law = is_ulaw_ ? G711Law::ulaw : G711Law::alaw;
    std::array<std::uint8_t, frame_size> codes;
    g711_encode(law, samples, codes);
    g711_decode(law, codes, samples);
    detector_.process(samples, take);
}

void SoakLine::finish() {
    constexpr std::array<std::int16_t, frame_size> silence{};
    const auto take = [this](const DtmfReport& report) { hear(report); };
    for (; left_ > 0 && part_ == Part::keys; left_ -= static_cast<SampleCount>(frame_size)) {
        std::array<std::int16_t, frame_size> samples{};
        generator_->generate(samples);
        detector_.process(samples, take);
    }
    for (int i = 0; i < 50; ++i) {
        detector_.process(silence, take);
    }
}

void SoakLine::hear(const DtmfReport& report) {
    if (report.kind != DtmfReport::Kind::end) {
        return;
    }
    // Keys sent before this one were missed.
    while (waiting_ > 0 && sent_[first_sent_].onset < report.onset - tolerance) {
        forget_first();
    }
    const Sent& sent = sent_[first_sent_];
    const bool is_exact = waiting_ > 0 && sent.key == report.key.character() &&
                          std::abs(sent.onset - report.onset) <= tolerance &&
                          std::abs(sent.duration - report.duration) <= tolerance;
    ++(is_exact ? count_.exact : count_.wrong);
    if (is_exact) {
        forget_first();
    }
}

void SoakLine::forget_first() {
    first_sent_ = (first_sent_ + 1) % sent_.size();
    --waiting_;
}

} // namespace keytone::bench
