// SPDX-License-Identifier: MIT
//
// What an agent may send over its socket, in either shape, and what follows from it. The first byte selects
// the shape. Then frames, each ended by a line end: `b` begins a binary frame, `a` the socket anew, `p` plays
// 20 ms, anything else is text.
#include "engine/unicode.hpp"
#include "server/agent/agent_sound.hpp"
#include "server/agent/agent_text.hpp"
#include "server/agent/keytone_protocol.hpp"
#include "server/agent/twilio_protocol.hpp"
#include "tests/fuzz/choices.hpp"
#include "tests/fuzz/demand.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace {

using namespace keytone;
using namespace keytone::server;
using keytone::test::demand;

constexpr std::size_t shapes = 3;
/// An agent that puts more has to wait: its socket is not read.
constexpr int most_played_at_end = 40 * 50;

void check_frame(const AgentFrame& frame) {
    demand(frame.is_text && frame.bytes.find('\n') == std::string::npos, "a frame is one line");
    demand(nlohmann::json::parse(frame.bytes, nullptr, false).is_object(), "a frame is a JSON object");
}

/// One socket after another, and the sound of the call.
class Conversation {
  public:
    explicit Conversation(std::size_t shape) : is_twilio_(shape == 2) {
        const AgentCallInfo call{"c1", "sip:a\"b@192.0.2.1", "sip:\xff@192.0.2.2",
                                 "1b4e28ba-2fa1-41d2-883f-0016d3cca427"};
        if (is_twilio_) {
            protocol_ = std::make_unique<TwilioProtocol>(TwilioNames{"MZ1", "CA1", "AC1"}, call);
        } else {
            protocol_ = std::make_unique<KeytoneProtocol>(
                shape == 0 ? SampleRate::narrowband() : *SampleRate::from_hz(16'000), call);
        }
        begin(false);
    }

    void begin(bool is_again) {
        for (const AgentFrame& frame : protocol_->begin(is_again)) {
            check_frame(frame);
        }
    }
    void text(std::string_view bytes) { take(protocol_->read_text(bytes), bytes.size()); }
    void binary(std::string_view bytes) {
        take(protocol_->read_binary(std::as_bytes(std::span(bytes.data(), bytes.size()))), bytes.size());
    }
    void play() {
        std::array<std::int16_t, 160> room{};
        sound_.pump();
        sound_.speak(Leg::a, room);
        sound_.hear(Leg::a, room);
        while (const auto block = sound_.next_heard()) {
            demand(!protocol_->heard(*block).bytes.empty(), "what is heard is told");
        }
        while (const auto mark = sound_.next_mark()) {
            demand(mark->sample >= last_mark_, "marks come back in order");
            last_mark_ = mark->sample;
            ++marks_back_;
            check_frame(protocol_->mark(*mark));
        }
    }
    /// All marks come back once all is played.
    void end() {
        for (int i = 0; i < most_played_at_end && (sound_.buffered() > 0 || sound_.marks() > 0); ++i) {
            play();
        }
        demand(sound_.buffered() == 0 && marks_back_ == marks_put_, "each mark comes back once");
        for (const AgentFrame& frame : protocol_->end()) {
            check_frame(frame);
        }
    }

  private:
    void take(const AgentSaid& said, std::size_t bytes) {
        if (const auto* const fault = std::get_if<AgentFault>(&said)) {
            demand(!fault->code.empty() && fault->message.find(": ") != std::string::npos &&
                       find_control(fault->message) == std::string_view::npos,
                   "a fault is one line with its remedy");
            check_frame(protocol_->fault(*fault));
        } else if (const auto* const speech = std::get_if<AgentSpeech>(&said)) {
            demand(speech->samples.size() <= bytes, "no more samples than bytes");
            if (sound_.may_put()) {
                sound_.put(speech->samples);
            }
        } else if (const auto* const mark = std::get_if<AgentMark>(&said)) {
            demand(!mark->name.empty() && mark->name.size() <= max_mark_name &&
                       count_characters(mark->name).has_value(),
                   "a mark has a name");
            marks_put_ += sound_.mark(mark->name) ? 1 : 0;
        } else if (std::holds_alternative<AgentClear>(said)) {
            sound_.clear();
            demand(sound_.may_put(), "what was cleared does not wait");
        } else {
            const auto* const request = std::get_if<Request>(&std::get<CallEvent>(said).what);
            demand(request != nullptr && !std::holds_alternative<TransferRequest>(*request),
                   "an agent reports nothing and is no owner");
            const auto* const end = std::get_if<EndCall>(request);
            demand(end == nullptr || !end->by_owner, "an agent is no owner");
        }
    }

    bool is_twilio_;
    std::unique_ptr<AgentProtocol> protocol_;
    AgentSound sound_;
    SampleIndex last_mark_ = 0;
    int marks_put_ = 0;
    int marks_back_ = 0;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    keytone::test::Choices choices({data, size});
    Conversation conversation(choices.below(shapes));
    std::string_view text = choices.take_text();
    while (!text.empty()) {
        const auto frame = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), frame.size() + 1));
        if (frame.starts_with('b')) {
            conversation.binary(frame.substr(1));
        } else if (frame == "a") {
            conversation.begin(true);
        } else if (frame == "p") {
            conversation.play();
        } else {
            conversation.text(frame);
        }
    }
    conversation.end();
    return 0;
}
