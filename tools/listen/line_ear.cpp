// SPDX-License-Identifier: MIT
#include "tools/listen/line_ear.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace keytone::tools {

using What = HeardThing::What;

LineEar::LineEar(SampleRate rate, Country country) noexcept
    : listener_(rate, country), frame_(listener_.line().frame()) {
    listener_.begin_progress();
    listener_.begin_answer(0);
}

void LineEar::process(std::span<const std::int16_t> samples, Sink sink) noexcept {
    while (!samples.empty()) {
        const SampleCount rest = frame_ - position_ % frame_;
        const auto part = samples.first(static_cast<std::size_t>(std::min(std::ssize(samples), rest)));
        position_ += std::ssize(part);
        listener_.process(part, {.line = [&](const LineEvent& event) { hear(event, sink); },
                                 .progress = [&](const ProgressEvent& event) { hear(event, sink); },
                                 .answer =
                                     [&](const Answer& answer) {
                                         sink({What::answer, answer.begin * frame_, position_, answer.by});
                                     }});
        if (position_ % frame_ == 0) {
            note_words();
        }
        samples = samples.subspan(part.size());
    }
}

void LineEar::hear(const LineEvent& event, Sink sink) noexcept {
    switch (event.kind) {
    case LineEvent::Kind::sound_began:
        if (event.at > since_ && !tone_) { // Pauses of a tone's cadence are parts of it.
            sink({What::silence, since_, event.at});
        }
        since_ = event.at;
        sounds_ = true;
        break;
    case LineEvent::Kind::sound_ended:
        end_sound(event.at, sink);
        break;
    case LineEvent::Kind::dial_tone:
        break;
    case LineEvent::Kind::beep_ended:
        sink({What::beep, event.at, event.at});
        note(event.at);
        break;
    }
}

void LineEar::hear(const ProgressEvent& event, Sink sink) noexcept {
    if (event.kind == ProgressEvent::Kind::ended) {
        return end_tone(event.at, sink);
    }
    end_tone(event.at, sink); // of a tone that it turned out not to be
    tone_ = event;
    note(event.known);
}

void LineEar::end_tone(SampleIndex end, Sink sink) noexcept {
    if (tone_) {
        HeardThing heard{What::progress, tone_->at, std::max(end, tone_->at)};
        heard.tone = tone_->tone;
        heard.information = tone_->information;
        heard.certainty = tone_->certainty;
        sink(heard);
        note(end);
        tone_.reset();
    }
}

void LineEar::end_sound(SampleIndex end, Sink sink) noexcept {
    note_words();
    keep_words();
    if (words_from_ >= 0) {
        sink({What::speech, words_from_, words_to_});
    } else if (named_to_ <= since_ && !tone_) {
        sink({What::sound, since_, end});
    }
    since_ = end;
    words_from_ = -1;
    sounds_ = false;
}

/// Words that a pause follows; those before it in the same sound are remembered here.
void LineEar::note_words() noexcept {
    const auto words = listener_.line().last_words();
    if (!sounds_ || !words || words->begin < since_ - frame_ || words->end <= words->begin) {
        return;
    }
    if (words->begin != last_words_.begin) {
        keep_words();
    }
    last_words_ = *words;
}

/// Keys are known later than the words for which a short one may be taken.
void LineEar::keep_words() noexcept {
    if (last_words_.end >= 0 && !is_keys(last_words_)) {
        words_from_ = words_from_ < 0 ? last_words_.begin : words_from_;
        words_to_ = last_words_.end;
    }
    last_words_ = {};
}

/// Whether keys are half of it or more.
bool LineEar::is_keys(const LineSounds::Sound& sound) const noexcept {
    SampleCount length = 0;
    for (const LineSounds::Sound& key : keys_) {
        length += std::max<SampleCount>(0, std::min(key.end, sound.end) - std::max(key.begin, sound.begin));
    }
    return 2 * length >= sound.end - sound.begin;
}

void LineEar::note_key(SampleIndex begin, SampleIndex end) noexcept {
    keys_[next_key_] = {begin, end};
    next_key_ = (next_key_ + 1) % keys_.size();
    note(end);
}

void LineEar::finish(Sink sink) noexcept {
    end_tone(position_, sink);
    if (sounds_) {
        end_sound(position_, sink);
    } else if (position_ > since_) {
        sink({What::silence, since_, position_});
        since_ = position_;
    }
}

} // namespace keytone::tools
