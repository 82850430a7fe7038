// SPDX-License-Identifier: MIT
#include "server/agent/twilio_protocol.hpp"

#include "dsp/g711.hpp"
#include "engine/json/outcome_json.hpp"
#include "server/agent/agent_text.hpp"
#include "server/agent/base64.hpp"
#include "server/media/hex.hpp"
#include "server/media/random_bytes.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace keytone::server {

namespace {

using json::Json;
using json::LineFault;

std::string random_name(std::string_view prefix) {
    std::array<std::uint8_t, 16> bytes{};
    fill_randomly(std::as_writable_bytes(std::span(bytes)));
    return std::string(prefix) + hex_of(bytes);
}

/// The object at `key`; null where there is none.
const Json* object_at(const Json& tree, std::string_view key) {
    const auto found = tree.find(key);
    return found != tree.end() && found->is_object() ? &*found : nullptr;
}

AgentSaid read_media(const Json& tree) {
    const Json* const media = object_at(tree, "media");
    if (media == nullptr || !media->contains("payload") || !(*media)["payload"].is_string()) {
        return agent_fault(LineFault::missing_key, "/media/payload", "is a string: write µ-law in base64");
    }
    const auto codes = base64_decode((*media)["payload"].get_ref<const std::string&>());
    if (!codes) {
        return agent_fault(LineFault::bad_value, "/media/payload",
                           "is no base64: write µ-law, encoded by RFC 4648");
    }
    AgentSpeech speech{std::vector<std::int16_t>(codes->size())};
    g711_decode(G711Law::ulaw, *codes, speech.samples);
    return speech;
}

// The variables as strings, as Twilio has them, and the call's own names, which no variable replaces.
std::string custom_parameters(const AgentCallInfo& call) {
    Json parameters = Json::object();
    if (const Json variables = Json::parse(call.variables, nullptr, false); variables.is_object()) {
        for (const auto& [name, value] : variables.items()) {
            parameters[name] = value.is_string() ? value : Json(value.dump());
        }
    }
    parameters["call"] = call.id;
    parameters["from"] = call.from;
    parameters["to"] = call.to;
    return parameters.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

TwilioNames TwilioNames::random() {
    return {random_name("MZ"), random_name("CA"), random_name("AC")};
}

std::string TwilioNames::call_of(std::string_view session) {
    std::string name = "CA";
    std::ranges::copy_if(session, std::back_inserter(name), [](char c) { return c != '-'; });
    return name;
}

TwilioProtocol::TwilioProtocol(TwilioNames names, AgentCallInfo call)
    : names_(std::move(names)), call_(std::move(call)) {
    if (!call_.session.empty()) {
        names_.call = TwilioNames::call_of(call_.session);
    }
}

std::string TwilioProtocol::message(std::string_view event) {
    return R"({"event":")" + std::string(event) + R"(","sequenceNumber":")" + std::to_string(++sequence_) +
           R"(","streamSid":")" + names_.stream + "\"";
}

std::vector<AgentFrame> TwilioProtocol::begin(bool is_again) {
    if (is_again) {
        names_.stream = TwilioNames::random().stream;
    }
    sequence_ = 0;
    chunk_ = 0;
    first_.reset();
    return {
        {R"({"event":"connected","protocol":"Call","version":"1.0.0"})"},
        {message("start") + R"(,"start":{"accountSid":")" + names_.account + R"(","streamSid":")" +
         names_.stream + R"(","callSid":")" + names_.call +
         R"(","tracks":["inbound"],"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},)"
         R"("customParameters":)" +
         custom_parameters(call_) + "}}"}};
}

AgentSaid TwilioProtocol::read_text(std::string_view text) {
    auto tree = parse_agent_text(text);
    if (!tree) {
        return tree.error();
    }
    const auto event = tree->find("event");
    if (event == tree->end()) {
        has_asked_ = true;
        return read_agent_request(text);
    }
    const auto stream = tree->find("streamSid");
    if (stream != tree->end() && *stream != names_.stream) {
        return agent_fault(LineFault::bad_value, "/streamSid", "is not this stream's: write that of start");
    }
    if (*event == "media") {
        return read_media(*tree);
    }
    if (*event == "mark") {
        const Json* const mark = object_at(*tree, "mark");
        return read_agent_mark(mark != nullptr ? *mark : Json::object(), "/mark");
    }
    if (*event == "clear") {
        return AgentClear{};
    }
    return agent_fault(LineFault::bad_value, "/event", "is not known: use media, mark or clear");
}

AgentSaid TwilioProtocol::read_binary(std::span<const std::byte> /*bytes*/) {
    return agent_fault(LineFault::bad_value, "", "is a binary frame: send media as text, with base64");
}

AgentFrame TwilioProtocol::heard(const HeardBlock& block) {
    std::array<std::uint8_t, std::tuple_size_v<decltype(HeardBlock::samples)>> codes{};
    g711_encode(G711Law::ulaw, block.samples, codes);
    constexpr SampleCount samples_a_ms = 8;
    first_ = first_.value_or(block.begin);
    return {message("media") + R"(,"media":{"track":"inbound","chunk":")" + std::to_string(++chunk_) +
            R"(","timestamp":")" + std::to_string((block.begin - *first_) / samples_a_ms) +
            R"(","payload":")" + base64_encode(codes) + "\"}}"};
}

AgentFrame TwilioProtocol::mark(const PlayedMark& mark) {
    return {message("mark") + R"(,"mark":{"name":)" + json_string(mark.name) + "}}"};
}

std::vector<AgentFrame> TwilioProtocol::outcome(const Outcome& outcome) {
    std::vector<AgentFrame> frames;
    const auto* const key = std::get_if<DigitHeard>(&outcome.what);
    if (key != nullptr && outcome.leg == Leg::a) {
        frames.push_back(
            {message("dtmf") + R"(,"dtmf":{"track":"inbound_track","digit":")" + key->digit + "\"}}"});
    }
    if (has_asked_) {
        std::string line = json::outcome_line(outcome, {call_.id, ""});
        line.pop_back();
        frames.push_back({std::move(line)});
    }
    return frames;
}

AgentFrame TwilioProtocol::fault(const AgentFault& fault) {
    return {message("error") + R"(,"error":{"code":)" + json_string(fault.code) + R"(,"message":)" +
            json_string(fault.message) + "}}"};
}

std::vector<AgentFrame> TwilioProtocol::end() {
    return {{message("stop") + R"(,"stop":{"accountSid":")" + names_.account + R"(","callSid":")" +
             names_.call + "\"}}"}};
}

} // namespace keytone::server
