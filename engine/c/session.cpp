// SPDX-License-Identifier: MIT
#include "engine/session.hpp"

#include "dsp/events/telephone_event.hpp"
#include "engine/c/guard.hpp"
#include "engine/json/event_json.hpp"
#include "engine/json/outcome_json.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

struct keytone_prompt {
    std::size_t most_samples;
    std::vector<std::int16_t> samples;
    bool is_set = false;
};

namespace keytone::c {

namespace {

constexpr double longest_prompt_s = 600.0;
constexpr Milliseconds shortest_block{1};
constexpr Milliseconds longest_block{1000};
constexpr std::size_t most_block_samples = 192'000;

/// A PromptSource that calls the host's functions.
class HostPrompts final : public PromptSource {
  public:
    explicit HostPrompts(const keytone_prompt_source& source) : source_(source) {}

    Result<PromptPtr, PromptError> speak(std::string_view text, SampleRate rate) override {
        return make(source_.speak, std::string(text), rate, "no speech was made of the text");
    }
    Result<PromptPtr, PromptError> load(const std::string& name, SampleRate rate) override {
        return make(source_.load, name, rate, "no recording was given for '" + name + "'");
    }

  private:
    using Maker = void (*)(void*, const char*, int32_t, keytone_prompt*);

    Result<PromptPtr, PromptError> make(Maker maker, const std::string& what, SampleRate rate,
                                        const std::string& failure) {
        keytone_prompt prompt{static_cast<std::size_t>(longest_prompt_s * rate.hz()), {}};
        if (maker != nullptr) {
            maker(source_.user, what.c_str(), rate.hz(), &prompt);
        }
        if (!prompt.is_set) {
            return PromptError{failure + ": call keytone_prompt_set()"};
        }
        return PromptPtr(std::make_shared<const Prompt>(Prompt{rate, std::move(prompt.samples)}));
    }

    keytone_prompt_source source_;
};

void write_message(std::string_view text, char* message, std::size_t size) {
    if (message != nullptr && size > 0) {
        const std::size_t length = std::min(text.size(), size - 1);
        std::copy_n(text.begin(), length, message);
        message[length] = '\0';
    }
}

std::optional<Leg> leg_of(const keytone_leg& leg) noexcept {
    switch (as_int(leg)) {
    case KEYTONE_LEG_A:
        return Leg::a;
    case KEYTONE_LEG_B:
        return Leg::b;
    default:
        return std::nullopt;
    }
}

} // namespace
} // namespace keytone::c

struct keytone_session {
    std::unique_ptr<keytone::c::HostPrompts> prompts;
    std::string call;
    std::string session;
    keytone::Session engine;
    std::string message; // why the last line was not taken
    std::string line;    // the outcome that was polled last
};

using keytone::c::guarded;

keytone_error keytone_prompt_set(keytone_prompt* prompt, const int16_t* samples, size_t count) {
    if (prompt == nullptr || count > prompt->most_samples || (samples == nullptr && count > 0)) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    return guarded([&] {
        prompt->samples.assign(samples, samples + count);
        prompt->is_set = true;
        return KEYTONE_OK;
    });
}

void keytone_session_config_init(keytone_session_config* config) {
    if (config != nullptr) {
        const keytone::SessionConfig defaults;
        *config = {sizeof *config,
                   nullptr,
                   nullptr,
                   defaults.mix_bridge ? 1 : 0,
                   defaults.bridge_delay.value,
                   defaults.max_block.value,
                   nullptr,
                   KEYTONE_SENSITIVITY_NORMAL};
    }
}

keytone_error keytone_session_create(const keytone_session_config* config, keytone_session** session,
                                     char* message, size_t message_size) {
    const auto wanted =
        keytone::c::read(config, keytone_session_config_init, offsetof(keytone_session_config, sensitivity));
    const auto is_block = [](double milliseconds) {
        return milliseconds >= keytone::c::shortest_block.value &&
               milliseconds <= keytone::c::longest_block.value;
    };
    keytone::c::write_message({}, message, message_size);
    if (session == nullptr || !wanted || wanted->header == nullptr || !is_block(wanted->bridge_delay_ms) ||
        !is_block(wanted->max_block_ms) ||
        (wanted->prompts != nullptr &&
         (wanted->prompts->size < sizeof(keytone_prompt_source) || wanted->prompts->speak == nullptr))) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    return guarded([&] {
        const auto limits = keytone::c::limits_of(wanted->profile, wanted->sensitivity);
        if (!limits) {
            return limits.error();
        }
        const auto parsed = keytone::json::parse_line(wanted->header);
        if (!parsed) {
            keytone::c::write_message(parsed.error().message, message, message_size);
            return KEYTONE_ERROR_LINE;
        }
        const auto* const header = std::get_if<keytone::json::CallHeader>(&*parsed);
        if (header == nullptr) {
            keytone::c::write_message("this line begins no call: use {\"v\":1,\"call\":\"c1\",\"rate\":8000}",
                                      message, message_size);
            return KEYTONE_ERROR_LINE;
        }
        std::unique_ptr<keytone::c::HostPrompts> prompts;
        if (wanted->prompts != nullptr) {
            prompts = std::make_unique<keytone::c::HostPrompts>(*wanted->prompts);
        }
        keytone::SessionConfig made;
        made.rules = keytone::json::rules_of(*header);
        made.rules.host_speaks = prompts == nullptr;
        made.prompts = prompts.get();
        made.mix_bridge = wanted->mix_bridge != 0;
        made.bridge_delay = keytone::Milliseconds{wanted->bridge_delay_ms};
        made.max_block = keytone::Milliseconds{wanted->max_block_ms};
        made.limits = *limits;
        *session = new keytone_session{std::move(prompts),     header->call, header->session,
                                       keytone::Session(made), {},           {}};
        return KEYTONE_OK;
    });
}

void keytone_session_destroy(keytone_session* session) {
    delete session;
}

keytone_error keytone_session_submit(keytone_session* session, const char* line, size_t length) {
    if (session == nullptr || line == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    return guarded([&] {
        session->message.clear();
        std::string_view text(line, length);
        if (text.ends_with('\n')) {
            text.remove_suffix(1);
        }
        const auto parsed = keytone::json::parse_line(text);
        if (!parsed) {
            session->message = parsed.error().message;
            return KEYTONE_ERROR_LINE;
        }
        const auto* const event = std::get_if<keytone::CallEvent>(&*parsed);
        if (event == nullptr) {
            session->message = "a call begins once: give its header to keytone_session_create()";
            return KEYTONE_ERROR_LINE;
        }
        session->engine.submit(*event);
        return KEYTONE_OK;
    });
}

const char* keytone_session_message(const keytone_session* session) {
    return session == nullptr ? "" : session->message.c_str();
}

keytone_error keytone_session_poll(keytone_session* session, const char** line, size_t* length) {
    if (session == nullptr || line == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    return guarded([&] {
        const auto outcome = session->engine.poll();
        session->line = outcome ? keytone::json::outcome_line(*outcome, {session->call, session->session})
                                : std::string();
        *line = outcome ? session->line.c_str() : nullptr;
        if (length != nullptr) {
            *length = session->line.size();
        }
        return KEYTONE_OK;
    });
}

keytone_error keytone_session_process(keytone_session* session, keytone_leg leg, const int16_t* heard,
                                      int16_t* sent, size_t count) KEYTONE_NONBLOCKING {
    const auto of_call = keytone::c::leg_of(leg);
    if (session == nullptr || sent == nullptr || !of_call) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    if (count == 0 || count > keytone::c::most_block_samples) {
        return KEYTONE_ERROR_BLOCK;
    }
    const std::span<const std::int16_t> in(heard, heard == nullptr ? 0 : count);
    session->engine.process(*of_call, in, {sent, count});
    return KEYTONE_OK;
}

keytone_error keytone_session_next_telephone_event(keytone_session* session, keytone_leg leg,
                                                   keytone_telephone_event_packet* packet,
                                                   int32_t* has_packet) KEYTONE_NONBLOCKING {
    const auto which = keytone::c::leg_of(leg);
    if (session == nullptr || !which || packet == nullptr || has_packet == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    const auto next = session->engine.next_key_event(*which);
    *has_packet = next ? 1 : 0;
    if (next) {
        *packet = {sizeof *packet, next->timestamp, next->marker ? 1 : 0, {}};
        std::ranges::copy(keytone::pack(next->event), packet->payload);
    }
    return KEYTONE_OK;
}

keytone_error keytone_session_hear_key_event(keytone_session* session, keytone_leg leg,
                                             const keytone_key_report* report) KEYTONE_NONBLOCKING {
    const auto which = keytone::c::leg_of(leg);
    if (session == nullptr || !which) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    const auto event = keytone::c::event_of(report);
    if (!event) {
        return event.error();
    }
    session->engine.hear_key_event(*which, *event);
    return KEYTONE_OK;
}

keytone_error keytone_session_set_key_form(keytone_session* session, keytone_leg leg,
                                           keytone_key_form form) KEYTONE_NONBLOCKING {
    const auto which = keytone::c::leg_of(leg);
    const int number = keytone::c::as_int(form);
    if (session == nullptr || !which ||
        (number != KEYTONE_KEYS_AS_TONES && number != KEYTONE_KEYS_AS_EVENTS)) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    session->engine.set_key_form(*which, number == KEYTONE_KEYS_AS_EVENTS ? keytone::KeyForm::events
                                                                          : keytone::KeyForm::tones);
    return KEYTONE_OK;
}

int64_t keytone_session_position(const keytone_session* session, keytone_leg leg) {
    const auto of_call = keytone::c::leg_of(leg);
    return session == nullptr || !of_call ? 0 : session->engine.position(*of_call);
}
