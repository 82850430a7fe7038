// SPDX-License-Identifier: MIT
#include "engine/json/fields.hpp"

#include "engine/call_event.hpp"
#include "engine/unicode.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

namespace keytone::json {

namespace {

constexpr std::string_view plain_remedy = "write a string, in quotes";

std::string_view kind(const Json& value) {
    switch (value.type()) {
    case Json::value_t::string:
        return "a string";
    case Json::value_t::boolean:
        return "true or false";
    case Json::value_t::object:
        return "an object";
    case Json::value_t::array:
        return "an array";
    case Json::value_t::null:
        return "null";
    default:
        return "a number";
    }
}

std::string shortest(double number) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    return {buffer.data(), end};
}

std::string range(double least, double most) {
    return shortest(least) + " to " + shortest(most);
}

} // namespace

std::string enumerate(std::span<const std::string_view> words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        text += i == 0 ? "" : i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

void Fields::add_object(const Json& object, std::string_view pointer, std::span<const Key> known) {
    if (!object.is_object()) {
        fail(LineFault::wrong_type, pointer,
             "is " + std::string(kind(object)) + ": write an object, in braces");
        return;
    }
    for (const auto& [key, value] : object.items()) {
        std::string where = child(pointer, key);
        const auto match = std::ranges::find_if(known, [&, &given = key](const Key& candidate) {
            return candidate.name == given || (!candidate.alias.empty() && candidate.alias == given);
        });
        if (match == known.end()) {
            std::vector<std::string_view> names;
            for (const Key& candidate : known) {
                names.push_back(candidate.name);
            }
            fail(LineFault::unknown_key, where,
                 names.empty() ? "is not known: nothing belongs here"
                               : "is not known: use " + enumerate(names));
            return;
        }
        if (std::ranges::find(fields_, match->name, &Field::name) != fields_.end()) {
            fail(LineFault::duplicate_key, where, "is given twice: keep one of them");
            return;
        }
        fields_.push_back({match->name, &value, std::move(where)});
    }
}

void Fields::add(Key key, const Json& value, std::string pointer) {
    fields_.push_back({key.name, &value, std::move(pointer)});
}

const Fields::Field* Fields::find(Key key) const {
    const auto field = std::ranges::find(fields_, key.name, &Field::name);
    return field == fields_.end() || field->value->is_null() ? nullptr : &*field;
}

std::string Fields::pointer_of(Key key) const {
    const auto field = std::ranges::find(fields_, key.name, &Field::name);
    return field == fields_.end() ? child(pointer_, key.name) : field->pointer;
}

void Fields::fail(LineFault fault, std::string_view pointer, std::string_view what) {
    if (!error_) {
        error_ = line_error(fault, pointer, what);
    }
}

void Fields::fail(const std::optional<LineError>& error) {
    if (!error_) {
        error_ = error;
    }
}

void Fields::wrong_type(const Field& field, std::string_view remedy) {
    fail(LineFault::wrong_type, field.pointer,
         "is " + std::string(kind(*field.value)) + ": " + std::string(remedy));
}

bool Fields::require(Key key, std::string_view remedy) {
    if (has(key)) {
        return true;
    }
    fail(LineFault::missing_key, pointer_of(key), "is missing: " + std::string(remedy));
    return false;
}

const std::string* Fields::string(Key key, std::string_view remedy) {
    const Field* const field = find(key);
    if (field == nullptr) {
        return nullptr;
    }
    if (!field->value->is_string()) {
        wrong_type(*field, field->value->is_number() ? remedy : plain_remedy);
        return nullptr;
    }
    return &field->value->get_ref<const std::string&>();
}

const std::string* Fields::text(Key key, std::string_view permitted, std::string_view remedy) {
    const std::string* const value = string(key, remedy);
    if (value == nullptr) {
        return nullptr;
    }
    const std::size_t at = find_control(*value, permitted);
    if (at != std::string::npos) {
        const bool line_end = (*value)[at] == '\n' || (*value)[at] == '\r';
        fail(LineFault::bad_value, pointer_of(key),
             std::string("holds ") + (line_end ? "a line end" : "a control character") + " at position " +
                 std::to_string(at + 1) + ": take it out");
        return nullptr;
    }
    return value;
}

std::optional<std::string> Fields::bounded(Key key, const std::string* string, std::size_t max_bytes) {
    if (string == nullptr) {
        return std::nullopt;
    }
    if (string->size() > max_bytes) {
        fail(LineFault::out_of_range, pointer_of(key),
             "has " + std::to_string(string->size()) + " bytes: shorten it to " + std::to_string(max_bytes));
        return std::nullopt;
    }
    return *string;
}

std::optional<std::string> Fields::token(Key key, std::size_t max_bytes) {
    return bounded(key, text(key, "", plain_remedy), max_bytes);
}

std::optional<std::string> Fields::digits(Key key, std::size_t max_bytes) {
    return bounded(key, text(key, "", "write it as a string, in quotes, so that leading zeros stay"),
                   max_bytes);
}

std::optional<std::string> Fields::quoted_json(Key key) {
    const std::string* const value = string(key, plain_remedy);
    return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<std::string> Fields::prose(Key key, std::size_t max_characters) {
    const std::string* const string = text(key, "\t\r\n", plain_remedy);
    if (string == nullptr) {
        return std::nullopt;
    }
    const std::size_t length = count_characters(*string).value_or(string->size());
    if (length > max_characters) {
        fail(LineFault::out_of_range, pointer_of(key),
             "has " + std::to_string(length) + " characters: shorten it to " +
                 std::to_string(max_characters));
        return std::nullopt;
    }
    return *string;
}

std::optional<std::string> Fields::id(Key key) {
    auto string = token(key, max_id_length);
    if (!string) {
        return std::nullopt;
    }
    const auto is_printable = [](char c) { return c >= 0x20 && c < 0x7F; };
    if (string->empty() || !std::ranges::all_of(*string, is_printable)) {
        fail(LineFault::bad_value, pointer_of(key),
             "names nothing: use 1 to " + std::to_string(max_id_length) + " printable ASCII characters");
        return std::nullopt;
    }
    return string;
}

std::optional<double> Fields::number(Key key, double least, double most) {
    return number(key, {least, most}, {least, most});
}

std::optional<double> Fields::number(Key key, Range form, Range valid) {
    const Field* const field = find(key);
    if (field == nullptr) {
        return std::nullopt;
    }
    const std::string offered = range(valid.least, valid.most);
    if (!field->value->is_number()) {
        wrong_type(*field, "write a number, without quotes, from " + offered);
        return std::nullopt;
    }
    const auto number = field->value->get<double>();
    if (!std::isfinite(number) || number < form.least || number > form.most) {
        fail(LineFault::out_of_range, field->pointer, "is out of range: give " + offered);
        return std::nullopt;
    }
    return number;
}

std::optional<int> Fields::whole(Key key, int least, int most) {
    const auto number = this->number(key, least, most);
    if (!number) {
        return std::nullopt;
    }
    if (!find(key)->value->is_number_integer()) {
        fail(LineFault::wrong_type, pointer_of(key),
             "is no whole number: give one from " + range(least, most) + ", without a point");
        return std::nullopt;
    }
    return static_cast<int>(*number);
}

std::optional<bool> Fields::flag(Key key) {
    const Field* const field = find(key);
    if (field == nullptr) {
        return std::nullopt;
    }
    if (!field->value->is_boolean()) {
        wrong_type(*field, "write true or false, without quotes");
        return std::nullopt;
    }
    return field->value->get<bool>();
}

const Json* Fields::object(Key key) {
    const Field* const field = find(key);
    if (field != nullptr && !field->value->is_object()) {
        wrong_type(*field, "write an object, in braces");
        return nullptr;
    }
    return field == nullptr ? nullptr : field->value;
}

const Json* Fields::array(Key key) {
    const Field* const field = find(key);
    if (field != nullptr && !field->value->is_array()) {
        wrong_type(*field, "write an array, in brackets");
        return nullptr;
    }
    return field == nullptr ? nullptr : field->value;
}

} // namespace keytone::json
