// SPDX-License-Identifier: MIT
#include "server/control/kept_prompts.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace keytone::server {

KeptPrompts::KeptPrompts(PromptSource& source)
    : source_(source), worker_([this](const std::stop_token& stop) { work(stop); }) {}

KeptPrompts::~KeptPrompts() = default;

bool KeptPrompts::prepare(std::string_view text, const std::optional<std::string>& recording,
                          SampleRate rate) {
    Key key{recording.has_value(), recording ? *recording : std::string(text), rate.hz()};
    const std::lock_guard lock(mutex_);
    if (const auto found = kept_.find(key); found != kept_.end()) {
        found->second.used = ++uses_;
        return true;
    }
    if (pending_.insert(key).second) {
        wanted_.push_back(std::move(key));
        is_wanted_.notify_one();
    }
    return false;
}

Result<PromptPtr, PromptError> KeptPrompts::speak(std::string_view text, SampleRate rate) {
    return get({false, std::string(text), rate.hz()});
}

Result<PromptPtr, PromptError> KeptPrompts::load(const std::string& name, SampleRate rate) {
    return get({true, name, rate.hz()});
}

KeptPrompts::Made KeptPrompts::get(const Key& key) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = kept_.find(key); found != kept_.end()) {
            Made made = found->second.made;
            if (made) {
                found->second.used = ++uses_;
            } else {
                kept_.erase(found);
            }
            return made;
        }
    }
    Made made = make(key);
    if (made) {
        keep(key, made);
    }
    return made;
}

void KeptPrompts::work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (is_wanted_.wait(lock, stop, [this] { return !wanted_.empty(); }) && !stop.stop_requested()) {
        const Key key = std::move(wanted_.front());
        wanted_.pop_front();
        lock.unlock();
        const Made made = make(key);
        keep(key, made);
        lock.lock();
        pending_.erase(key);
    }
}

KeptPrompts::Made KeptPrompts::make(const Key& key) {
    const SampleRate rate = *SampleRate::from_hz(key.rate_hz); // It comes from one.
    try {
        return key.is_recording ? source_.load(key.what, rate) : source_.speak(key.what, rate);
    } catch (const std::exception& exception) { // There is no memory for this one: the calls go on.
        return PromptError{std::string("the prompt cannot be made: ") + exception.what()};
    }
}

void KeptPrompts::keep(const Key& key, const Made& made) {
    const std::lock_guard lock(mutex_);
    if (kept_.emplace(key, Kept{made, ++uses_}).second && made) {
        samples_ += (*made)->samples.size();
    }
    make_room();
}

// The newest stays in any case: a call waits for it.
void KeptPrompts::make_room() {
    while (kept_.size() > 1 && (kept_.size() > most_kept || samples_ > most_samples)) {
        const auto oldest =
            std::ranges::min_element(kept_, {}, [](const auto& entry) { return entry.second.used; });
        if (oldest->second.made) {
            samples_ -= (*oldest->second.made)->samples.size();
        }
        kept_.erase(oldest);
    }
}

} // namespace keytone::server
