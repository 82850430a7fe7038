// SPDX-License-Identifier: MIT
//
// Any bytes as a line of JSON, and as an agent's settings: what is parsed must keep its promises.
#include "engine/json/event_json.hpp"
#include "engine/json/settings_json.hpp"
#include "engine/json/tool_definitions.hpp"
#include "engine/unicode.hpp"
#include "tests/fuzz/demand.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace keytone;

/// Ends the program where a promise is broken; the fuzzer keeps the input that did it.
using keytone::test::demand;

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

void check_error(const json::LineError& error) {
    demand(!error.message.empty() && error.key.size() <= 160);
    demand(error.message.starts_with(error.key.empty() ? "the JSON text" : error.key));
    demand(error.message.find(": ") != std::string::npos);
    demand(std::ranges::none_of(error.message, [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
    demand(count_characters(error.message).has_value());
}

void check_text(const std::optional<std::string>& text, std::size_t max_characters) {
    if (text) {
        const auto length = count_characters(*text);
        demand(length && *length <= max_characters && text->find('\0') == std::string::npos);
    }
}

void check_event(const CallEvent& event) {
    demand(event.id.size() <= 128 && is_printable(event.id));
    demand(!event.at_s || (*event.at_s >= 0.0 && *event.at_s <= max_at_s));
    if (const auto* const fact = std::get_if<Fact>(&event.what)) {
        demand(fact->status == 0 || (fact->status >= 100 && fact->status <= 699));
        return;
    }
    const auto& request = std::get<Request>(event.what);
    if (const auto* const say = std::get_if<Say>(&request)) {
        check_text(say->text, 2000);
        demand(say->prompt || !say->text.empty());
    } else if (const auto* const click = std::get_if<ClickIvr>(&request)) {
        check_text(click->digits, 1024);
        demand(click->digits.find('\n') == std::string::npos && std::isfinite(click->tone.value));
    } else if (const auto* const transfer = std::get_if<Transfer>(&request)) {
        check_text(transfer->message, 500);
        check_text(transfer->phone_number, 64);
        demand(!transfer->pause_seconds || std::isfinite(*transfer->pause_seconds));
    } else if (const auto* const asked = std::get_if<TransferRequest>(&request)) {
        check_text(asked->to, 64);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto line = json::parse_line(text);
    if (!line) {
        check_error(line.error());
    } else if (const auto* const event = std::get_if<CallEvent>(&*line)) {
        check_event(*event);
    } else {
        const auto& header = std::get<json::CallHeader>(*line);
        demand(!header.call.empty() && is_printable(header.call) && !header.session.empty());
        demand(!header.settings || !check(*header.settings));
    }
    const auto settings = json::parse_settings(text);
    if (!settings) {
        check_error(settings.error());
        return 0;
    }
    demand(!check(*settings));
    for (const auto form : {json::ToolForm::openai, json::ToolForm::anthropic}) {
        demand(count_characters(json::tool_definitions(*settings, form)).has_value());
    }
    return 0;
}
