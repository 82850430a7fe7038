// SPDX-License-Identifier: MIT
//
// Any bytes as the calls of a program in C: in any order, with null pointers, with objects that were never
// made or were destroyed. Every call returns; a call that fails has a text, and changes nothing.
#include "engine/c/keytone/keytone.h"
#include "tests/fuzz/choices.hpp"
#include "tests/fuzz/demand.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace {

using keytone::test::Choices;

constexpr std::size_t most_calls = 300;
constexpr std::array<int32_t, 9> rates{8000, 11025, 16000, 22050, 44100, 48000, 192000, 0, -8000};
constexpr std::array<const char*, 5> profiles{"q24", "att", "etsi", "", nullptr};
constexpr std::array<const char*, 6> lines{
    R"({"at":0,"ev":"leg.answered","leg":"a"})",
    R"({"type":"based_call","id":"b1","name":"click_ivr","args":["1*0"]})",
    R"({"type":"based_call","id":"b2","name":"transfer","args":["+15303195426",{"extension":"221"}]})",
    R"({"type":"function_call","call_id":"f1","name":"end_call","arguments":"{}"})",
    R"({"at":1,"ev":"leg.ended","leg":"a"})",
    R"({"type":"tool_use","id":"t1","name":"say","input":{"text":"Hello"}})",
};

using keytone::test::demand;

void demand_text(keytone_error error) {
    demand(error >= KEYTONE_OK && error <= KEYTONE_ERROR_BUSY && std::strlen(keytone_error_text(error)) > 5);
    demand(error != KEYTONE_ERROR_INTERNAL);
}

void take(void* user, const keytone_report* report) {
    demand(report->size == sizeof *report && report->onset >= 0 && report->duration >= 0);
    ++*static_cast<int*>(user);
}

void take_of_batch(void* user, std::size_t index, const keytone_report* report) {
    demand(index < 4);
    take(user, report);
}

void take_key(void* user, const keytone_key_report* report) {
    demand(report->size == sizeof *report && report->duration >= 0);
    ++*static_cast<int*>(user);
}

void speak(void* user, const char* text, int32_t rate_hz, keytone_prompt* prompt) {
    const std::array<int16_t, 80> samples{};
    demand(text != nullptr && rate_hz >= 8000);
    if (user != nullptr) {
        demand_text(keytone_prompt_set(prompt, samples.data(), samples.size()));
    }
}

class Program {
  public:
    explicit Program(Choices& choices) : choices_(choices) {}
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program() {
        for (auto* detector : detectors_) {
            keytone_detector_destroy(detector);
        }
        for (auto* generator : generators_) {
            keytone_generator_destroy(generator);
        }
        for (auto* session : sessions_) {
            keytone_session_destroy(session);
        }
        keytone_telephone_event_sender_destroy(sender_);
        keytone_telephone_event_receiver_destroy(receiver_);
        keytone_key_merger_destroy(merger_);
    }

    void call() {
        switch (choices_.below(14)) {
        case 0:
            make_detector();
            break;
        case 1:
            make_generator();
            break;
        case 2:
            make_session();
            break;
        case 3:
            remove();
            break;
        case 4:
        case 5:
            demand_text(keytone_detector_process(detector(), samples(), count_, sink(), &reports_));
            break;
        case 6:
            other_detector_call();
            break;
        case 7:
            batch();
            break;
        case 8:
            generate();
            break;
        case 9:
            submit();
            break;
        case 10:
            demand_text(keytone_session_process(session(), leg(),
                                                choices_.below(2) == 0 ? nullptr : samples(), buffer_.data(),
                                                1 + choices_.below(256)));
            break;
        case 11:
            make_telephone_events();
            break;
        case 12:
            telephone_events();
            break;
        default:
            poll();
            break;
        }
    }

  private:
    keytone_detector*& detector_slot() { return detectors_[choices_.below(detectors_.size())]; }
    keytone_generator*& generator_slot() { return generators_[choices_.below(generators_.size())]; }
    keytone_session*& session_slot() { return sessions_[choices_.below(sessions_.size())]; }
    keytone_detector* detector() { return detector_slot(); }
    keytone_session* session() { return session_slot(); }
    keytone_leg leg() { return static_cast<keytone_leg>(choices_.below(3)); }
    keytone_report_sink sink() { return choices_.below(16) == 1 ? nullptr : take; }

    const int16_t* samples() {
        count_ = choices_.below(256);
        const auto bytes = choices_.take(2 * count_);
        std::memcpy(buffer_.data(), bytes.data(), bytes.size());
        return choices_.below(16) == 1 ? nullptr : buffer_.data();
    }

    void make_detector() {
        keytone_detector_config config;
        keytone_detector_config_init(&config);
        config.rate_hz = rates[choices_.below(rates.size())];
        config.profile = profiles[choices_.below(profiles.size())];
        const auto sensitivity = static_cast<int>(choices_.below(4)); // 3 is no valid value
        std::memcpy(&config.sensitivity, &sensitivity, sizeof sensitivity);
        config.size = choices_.below(16) == 1 ? choices_.below(64) : config.size;
        auto*& slot = detector_slot();
        keytone_detector_destroy(slot);
        slot = nullptr;
        demand_text(keytone_detector_create(&config, &slot));
    }

    void make_generator() {
        keytone_tone_config config;
        keytone_tone_config_init(&config);
        config.rate_hz = rates[choices_.below(rates.size())];
        config.tone_ms = static_cast<double>(choices_.below(200));
        config.low_dbm0 = 10.0 - static_cast<double>(choices_.below(80));
        const auto bytes = choices_.take(choices_.below(140));
        const std::string digits(bytes.begin(), bytes.end());
        auto*& slot = generator_slot();
        keytone_generator_destroy(slot);
        slot = nullptr;
        demand_text(
            keytone_generator_create(choices_.below(4) == 0 ? digits.c_str() : "12w#", &config, &slot));
    }

    void make_session() {
        const keytone_prompt_source source{sizeof source, choices_.below(2) == 0 ? nullptr : this, speak,
                                           nullptr};
        keytone_session_config config;
        keytone_session_config_init(&config);
        const auto bytes = choices_.take(choices_.below(64));
        const std::string header(bytes.begin(), bytes.end());
        config.header = choices_.below(4) == 1 ? header.c_str() : R"({"v":1,"call":"c1","rate":8000})";
        config.mix_bridge = static_cast<int32_t>(choices_.below(2));
        config.prompts = choices_.below(2) == 0 ? nullptr : &source;
        std::array<char, 40> message{};
        auto*& slot = session_slot();
        keytone_session_destroy(slot);
        slot = nullptr;
        demand_text(keytone_session_create(&config, &slot, message.data(), choices_.below(message.size())));
        demand(message.back() == '\0');
    }

    void remove() {
        auto*& detector = detector_slot();
        keytone_detector_destroy(detector);
        detector = nullptr;
        auto*& session = session_slot();
        keytone_session_destroy(session);
        session = nullptr;
    }

    void other_detector_call() {
        auto* const heard = detector();
        const int64_t before = keytone_detector_position(heard);
        switch (choices_.below(3)) {
        case 0: {
            const std::size_t lost = choices_.below(256) * choices_.below(256);
            demand_text(keytone_detector_process_lost(heard, lost, take, &reports_));
            demand(heard == nullptr ||
                   keytone_detector_position(heard) == before + static_cast<int64_t>(lost));
            break;
        }
        case 1:
            demand_text(keytone_detector_finish(heard, sink(), &reports_));
            break;
        default:
            demand_text(keytone_detector_reset(heard));
            break;
        }
    }

    void batch() {
        std::array<keytone_frame, 4> frames{};
        const int16_t* const heard = samples();
        for (std::size_t i = 0; i < frames.size(); ++i) {
            frames[i] = {detectors_[i], heard, count_};
        }
        demand_text(keytone_process_batch(frames.data(), choices_.below(5), take_of_batch, &reports_));
    }

    void generate() {
        std::size_t written = 0;
        auto* const generator = generator_slot();
        const std::size_t wanted = choices_.below(256);
        demand_text(keytone_generator_generate(generator, buffer_.data(), wanted, &written));
        demand(written <= wanted);
        if (choices_.below(8) == 1) {
            demand_text(keytone_generator_reset(generator));
        }
    }

    void submit() {
        auto* const session = session_slot();
        if (choices_.below(2) == 0) {
            const char* const line = lines[choices_.below(lines.size())];
            demand_text(keytone_session_submit(session, line, std::strlen(line)));
        } else {
            const auto bytes = choices_.take(choices_.below(200));
            const std::vector<char> line(bytes.begin(), bytes.end());
            const keytone_error error = keytone_session_submit(session, line.data(), line.size());
            demand_text(error);
            demand(error != KEYTONE_ERROR_LINE || std::strlen(keytone_session_message(session)) > 5);
        }
    }

    void make_telephone_events() {
        keytone_telephone_event_sender_destroy(sender_);
        keytone_telephone_event_receiver_destroy(receiver_);
        keytone_key_merger_destroy(merger_);
        sender_ = nullptr;
        receiver_ = nullptr;
        merger_ = nullptr;
        keytone_telephone_event_sender_config sender;
        keytone_telephone_event_sender_config_init(&sender);
        sender.clock_hz = rates[choices_.below(rates.size())];
        sender.packet_ms = static_cast<double>(choices_.below(60));
        demand_text(keytone_telephone_event_sender_create(&sender, &sender_));
        keytone_telephone_event_receiver_config receiver;
        keytone_telephone_event_receiver_config_init(&receiver);
        receiver.clock_hz = rates[choices_.below(rates.size())];
        receiver.lost_end_ms = 10.0 * static_cast<double>(choices_.below(30)) - 20.0;
        demand_text(keytone_telephone_event_receiver_create(&receiver, &receiver_));
        demand_text(keytone_key_merger_create(nullptr, &merger_));
    }

    void telephone_events() {
        const auto now = static_cast<std::int64_t>(160 * choices_.below(256));
        keytone_telephone_event_packet packet{};
        int32_t has_packet = 0;
        switch (choices_.below(5)) {
        case 0:
            demand_text(
                keytone_telephone_event_sender_send(sender_, static_cast<char>(choices_.below(128)), now,
                                                    1000 * static_cast<int64_t>(choices_.below(256)), -6.0));
            break;
        case 1:
            demand_text(keytone_telephone_event_sender_release(sender_, now));
            break;
        case 2:
            demand_text(keytone_telephone_event_sender_next(sender_, now, &packet, &has_packet));
            demand_text(keytone_telephone_event_receiver_receive(receiver_, packet.timestamp, packet.marker,
                                                                 packet.payload, sizeof packet.payload,
                                                                 take_key, &reports_));
            break;
        case 3: {
            const auto payload = choices_.take(choices_.below(12));
            demand_text(keytone_telephone_event_receiver_receive(receiver_, static_cast<uint32_t>(now), 0,
                                                                 payload.data(), payload.size(), take_key,
                                                                 &reports_));
            demand_text(keytone_telephone_event_receiver_advance(receiver_, static_cast<uint32_t>(now),
                                                                 take_key, &reports_));
            break;
        }
        default: {
            keytone_key_report report{};
            report.size = choices_.below(4) == 1 ? choices_.below(64) : sizeof report;
            report.kind = static_cast<keytone_report_kind>(choices_.below(4));
            report.key = "1234567890ABCD*#?"[choices_.below(17)];
            report.onset = static_cast<uint32_t>(now);
            report.duration = static_cast<int64_t>(choices_.below(256));
            demand_text(keytone_key_merger_hear_event(merger_, &report, take_key, &reports_));
            demand_text(keytone_session_hear_key_event(session(), leg(), &report));
            demand_text(keytone_session_set_key_form(session(), leg(),
                                                     static_cast<keytone_key_form>(choices_.below(3))));
            break;
        }
        }
    }

    void poll() {
        const char* line = nullptr;
        std::size_t length = 0;
        demand_text(keytone_session_poll(session(), &line, &length));
        demand(line == nullptr || (length == std::strlen(line) && line[length - 1] == '\n'));
    }

    Choices& choices_;
    std::array<keytone_detector*, 4> detectors_{};
    std::array<keytone_generator*, 2> generators_{};
    std::array<keytone_session*, 2> sessions_{};
    keytone_telephone_event_sender* sender_ = nullptr;
    keytone_telephone_event_receiver* receiver_ = nullptr;
    keytone_key_merger* merger_ = nullptr;
    std::array<int16_t, 512> buffer_{};
    std::size_t count_ = 0;
    int reports_ = 0;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Choices choices({data, size});
    Program program(choices);
    for (std::size_t calls = 0; !choices.empty() && calls < most_calls; ++calls) {
        program.call();
    }
    return 0;
}
