// SPDX-License-Identifier: MIT
#include "engine/json/request_json.hpp"

#include "engine/json/fields.hpp"
#include "engine/json/function_arguments.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace keytone::json {

namespace {

/// The key that every form has.
constexpr Key type{"type"};

/// The function that `key` names.
const Function* read_function(Fields& fields, Key key) {
    std::vector<Word<const Function*>> words;
    for (const Function& function : functions()) {
        words.push_back({function.name, &function});
    }
    fields.require(key, "name the function");
    return fields.choice(key, std::span<const Word<const Function*>>(words)).value_or(nullptr);
}

/// Reads named arguments.
std::optional<Request> read_named(const Function& function, const Json& arguments, std::string_view pointer,
                                  Fields& envelope) {
    std::vector<Key> known(function.options.begin(), function.options.end());
    if (function.first) {
        known.insert(known.begin(), *function.first);
    }
    Fields fields(pointer);
    fields.add_object(arguments, pointer, known);
    Request request = function.read(fields);
    envelope.fail(fields.error());
    return request;
}

/// Reads positional arguments: the first one, and then the options as an object, or a string in their place.
std::optional<Request> read_positional(const Function& function, const Json& arguments, Fields& envelope) {
    static const Json absent;
    const std::string pointer = "/args";
    Fields fields(pointer);
    std::size_t next = 0;
    if (function.first) {
        if (arguments.empty()) {
            envelope.fail(LineFault::missing_key, "/args/0",
                          "is missing: write " + std::string(function.first->name) + " first");
            return std::nullopt;
        }
        fields.add(*function.first, arguments[next], child(pointer, std::to_string(next)));
        ++next;
    }
    if (next < arguments.size()) {
        const Json& second = arguments[next];
        const std::string second_pointer = child(pointer, std::to_string(next));
        if (second.is_object()) {
            fields.add_object(second, second_pointer, function.options);
        } else if (function.short_second && (second.is_string() || second.is_number())) {
            fields.add(*function.short_second, second, second_pointer);
        } else if (!second.is_null()) {
            fields.fail(LineFault::wrong_type, second_pointer,
                        function.short_second ? "is no " + std::string(function.short_second->name) +
                                                    " and no options: write a string, or an object"
                                              : std::string("is no object: write the options in braces"));
        }
        ++next;
    }
    if (next < arguments.size()) {
        fields.fail(LineFault::bad_value, child(pointer, std::to_string(next)),
                    "is one argument too many: " + std::string(function.name) + " takes at most " +
                        std::to_string(next));
    }
    Request request = function.read(fields);
    envelope.fail(fields.error());
    return request;
}

/// Reads arguments that are JSON text in a string. For a function without arguments, some models leave the
/// string empty.
std::optional<Request> read_quoted(const Function& function, Fields& fields, Key key) {
    fields.require(key, "write the arguments as JSON text in a string, \"{}\" for none");
    const auto text = fields.quoted_json(key);
    if (!text) {
        return std::nullopt;
    }
    const std::string pointer = fields.pointer_of(key);
    const bool blank = text->find_first_not_of(" \t\r\n") == std::string::npos;
    const auto arguments = parse_strictly(blank ? std::string_view("{}") : *text, pointer);
    if (!arguments) {
        fields.fail(arguments.error());
        return std::nullopt;
    }
    return read_named(function, *arguments, pointer, fields);
}

/// The result of reading a form; faults are kept in `fields`.
struct Reading {
    std::optional<std::string> id;
    std::optional<Request> request;
};

/// Based: a function called in the agent's program.
Reading read_based_call(const Json& line, Fields& fields) {
    constexpr std::array<Key, 5> known{at_key, type, "id", "name", "args"};
    fields.add_object(line, "", known);
    Reading reading{fields.id("id"), std::nullopt};
    const Function* const function = read_function(fields, "name");
    fields.require("args", "write the arguments in an array, [] for none");
    if (const Json* const arguments = fields.array("args"); arguments != nullptr && function != nullptr) {
        reading.request = read_positional(*function, *arguments, fields);
    }
    return reading;
}

/// Anthropic: a content block of a message.
Reading read_tool_use(const Json& line, Fields& fields) {
    constexpr std::array<Key, 6> known{at_key, type, "id", "name", "input", "caller"};
    fields.add_object(line, "", known);
    fields.require("id", "copy the block's id");
    Reading reading{fields.id("id"), std::nullopt};
    fields.object("caller"); // Says who called the tool, which makes no difference here.
    const Function* const function = read_function(fields, "name");
    fields.require("input", "write the arguments in an object, {} for none");
    if (const Json* const input = fields.object("input"); input != nullptr && function != nullptr) {
        reading.request = read_named(*function, *input, "/input", fields);
    }
    return reading;
}

/// OpenAI, Responses API: an output item. Its id and status are not used, but the item must be complete.
Reading read_function_call(const Json& line, Fields& fields) {
    constexpr std::array<Key, 7> known{at_key, type, "call_id", "name", "arguments", "id", "status"};
    constexpr std::array<Word<bool>, 1> completed{{{"completed", true}}};
    fields.add_object(line, "", known);
    fields.require("call_id", "copy the item's call_id");
    Reading reading{fields.id("call_id"), std::nullopt};
    fields.id("id");
    fields.choice("status", completed);
    if (const Function* const function = read_function(fields, "name")) {
        reading.request = read_quoted(*function, fields, "arguments");
    }
    return reading;
}

/// OpenAI, Chat Completions: an entry of a message's tool_calls.
Reading read_chat_function(const Json& line, Fields& fields) {
    constexpr std::array<Key, 4> known{at_key, type, "id", "function"};
    constexpr std::array<Key, 2> known_inside{"name", "arguments"};
    fields.add_object(line, "", known);
    fields.require("id", "copy the tool call's id");
    Reading reading{fields.id("id"), std::nullopt};
    fields.require("function", "write an object with name and arguments");
    if (const Json* const object = fields.object("function")) {
        Fields inside("/function");
        inside.add_object(*object, "/function", known_inside);
        if (const Function* const function = read_function(inside, "name")) {
            reading.request = read_quoted(*function, inside, "arguments");
        }
        fields.fail(inside.error());
    }
    return reading;
}

/// Vocobase: a transfer that a server requests.
Reading read_transfer_request(const Json& line, Fields& fields) {
    constexpr std::array<Key, 4> known{at_key, type, "id", "to"};
    fields.add_object(line, "", known);
    Reading reading{fields.id("id"), std::nullopt};
    reading.request = TransferRequest{fields.digits("to", max_number_bytes)};
    return reading;
}

using RequestReader = Reading (*)(const Json& line, Fields& fields);
constexpr std::array request_readers{
    Word<RequestReader>{"based_call", read_based_call},
    Word<RequestReader>{"tool_use", read_tool_use},
    Word<RequestReader>{"function_call", read_function_call},
    Word<RequestReader>{"function", read_chat_function},
    Word<RequestReader>{"transfer_request", read_transfer_request},
};

} // namespace

Result<CallEvent, LineError> read_request(const Json& line) {
    Fields kind("");
    kind.add(type, line.at("type"), "/type");
    kind.require(type, "say what kind of request this is");
    const auto form = kind.choice(type, request_readers);
    if (!form) {
        return *kind.error();
    }
    Fields fields("");
    Reading reading = (*form)(line, fields);
    const auto at_s = fields.number(at_key, 0.0, max_at_s);
    if (fields.error()) {
        return *fields.error();
    }
    return CallEvent{std::move(reading.id).value_or(""), at_s, *std::move(reading.request)};
}

} // namespace keytone::json
