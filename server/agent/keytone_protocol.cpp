// SPDX-License-Identifier: MIT
#include "server/agent/keytone_protocol.hpp"

#include "engine/json/outcome_json.hpp"
#include "server/agent/agent_text.hpp"

#include <utility>

namespace keytone::server {

namespace {

using json::LineFault;

constexpr std::size_t sample_bytes = 2;

std::string line_end(std::string line) {
    if (line.ends_with('\n')) {
        line.pop_back();
    }
    return line;
}

} // namespace

KeytoneProtocol::KeytoneProtocol(SampleRate rate, AgentCallInfo call)
    : rate_(rate),
      call_(std::move(call)),
      from_agent_(rate, SampleRate::narrowband()),
      to_agent_(SampleRate::narrowband(), rate) {}

std::string KeytoneProtocol::line_of(std::string_view event) const {
    return R"({"v":1,"ev":")" + std::string(event) + R"(","call":)" + json_string(call_.id);
}

std::vector<AgentFrame> KeytoneProtocol::begin(bool is_again) {
    from_agent_.reset();
    to_agent_.reset();
    std::string line = line_of("call.began") + R"(,"rate":)" + std::to_string(rate_.hz()) + R"(,"from":)" +
                       json_string(call_.from) + R"(,"to":)" + json_string(call_.to);
    if (!call_.variables.empty()) {
        line += R"(,"variables":)" + call_.variables;
    }
    return {{line + (is_again ? R"(,"again":true})" : "}")}};
}

AgentSaid KeytoneProtocol::read_text(std::string_view text) {
    auto tree = parse_agent_text(text);
    if (!tree) {
        return tree.error();
    }
    const auto event = tree->find("ev");
    const bool is_own = event != tree->end() && event->is_string() && !tree->contains("v");
    if (is_own && *event == "mark") {
        return read_agent_mark(*tree, "");
    }
    if (is_own && *event == "clear") {
        return AgentClear{};
    }
    return read_agent_request(text);
}

AgentSaid KeytoneProtocol::read_binary(std::span<const std::byte> bytes) {
    if (bytes.size() % sample_bytes != 0) {
        return agent_fault(LineFault::bad_value, "",
                           "is a binary frame with half a sample: send 16-bit samples, little-endian");
    }
    std::vector<std::int16_t> samples(bytes.size() / sample_bytes);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i] = static_cast<std::int16_t>(std::to_integer<unsigned>(bytes[sample_bytes * i]) |
                                               std::to_integer<unsigned>(bytes[sample_bytes * i + 1]) << 8U);
    }
    if (rate_ == SampleRate::narrowband()) {
        return AgentSpeech{std::move(samples)};
    }
    std::vector<std::int16_t> converted(
        static_cast<std::size_t>(from_agent_.output_count(static_cast<SampleCount>(samples.size()))));
    std::span<const std::int16_t> in = samples;
    converted.resize(from_agent_.process(in, converted));
    return AgentSpeech{std::move(converted)};
}

AgentFrame KeytoneProtocol::heard(const HeardBlock& block) {
    std::array<std::int16_t, 2 * std::tuple_size_v<decltype(HeardBlock::samples)>> samples{};
    std::span<const std::int16_t> in = block.samples;
    const std::size_t count = to_agent_.process(in, samples);
    AgentFrame frame{std::string(sample_bytes * count, '\0'), false};
    for (std::size_t i = 0; i < count; ++i) {
        const auto sample = static_cast<std::uint16_t>(samples[i]);
        frame.bytes[sample_bytes * i] = static_cast<char>(sample & 0xffU);
        frame.bytes[sample_bytes * i + 1] = static_cast<char>(sample >> 8U);
    }
    return frame;
}

AgentFrame KeytoneProtocol::mark(const PlayedMark& mark) {
    return {line_of("mark") + R"(,"leg":"a","name":)" + json_string(mark.name) + R"(,"sample":)" +
            std::to_string(mark.sample) + (mark.cleared ? R"(,"cleared":true})" : "}")};
}

std::vector<AgentFrame> KeytoneProtocol::outcome(const Outcome& outcome) {
    return {{line_end(json::outcome_line(outcome, {call_.id, ""}))}};
}

AgentFrame KeytoneProtocol::fault(const AgentFault& fault) {
    return {line_of("error") + R"(,"error":)" + json_string(fault.code) + R"(,"message":)" +
            json_string(fault.message) + "}"};
}

} // namespace keytone::server
