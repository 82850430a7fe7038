// SPDX-License-Identifier: MIT
#include "engine/json/strict_json.hpp"

#include "engine/unicode.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace keytone::json {

namespace {

constexpr std::size_t max_depth = 8;
constexpr std::size_t max_keys = 64;

/// Builds the tree as the parser proceeds, and knows at each step where in the tree it is. The names and
/// arguments of its methods are those that the parser calls. False stops the parser.
class TreeBuilder {
  public:
    TreeBuilder(std::string_view pointer, bool is_utf8) : pointer_(pointer), is_utf8_(is_utf8) {}

    bool null() { return put(nullptr); }
    bool boolean(bool value) { return put(value); }
    bool number_integer(std::int64_t value) { return put(value); }
    bool number_unsigned(std::uint64_t value) { return put(value); }
    bool number_float(double value, const std::string& /*text*/) { return put(value); }
    bool binary(Json::binary_t& /*value*/) { return false; } // JSON text has no binary values.

    bool string(std::string& value) {
        if (value.find('\0') != std::string::npos) {
            return fail(LineFault::not_json, here(), "holds a NUL character: take it out");
        }
        return put(std::move(value));
    }

    bool key(std::string& key) {
        Json& object = *open_.back().value;
        std::string pointer = child(path_of(open_.size() - 1), key);
        if (key.find('\0') != std::string::npos) {
            return fail(LineFault::not_json, pointer, "a key with a NUL character: take it out");
        }
        if (object.contains(key)) {
            return fail(LineFault::duplicate_key, pointer, "is there twice: keep one of them");
        }
        if (object.size() == max_keys) {
            return fail(LineFault::too_many_keys, pointer,
                        "is key number " + std::to_string(max_keys + 1) +
                            " of its object: no form has as many");
        }
        open_.back().key = key;
        return true;
    }

    bool start_object(std::size_t /*size*/) { return open(Json::object()); }
    bool start_array(std::size_t /*size*/) { return open(Json::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    bool parse_error(std::size_t position, const std::string& /*token*/, const Json::exception& reason) {
        constexpr int number_too_large = 406; // The library's number for this error.
        if (reason.id == number_too_large) {
            return fail(LineFault::not_json, here(), "is a number beyond any use: give a smaller one");
        }
        return is_utf8_
                   ? fail(LineFault::not_json, here(),
                          "is not JSON at byte " + std::to_string(position) + ": write it as RFC 8259 has it")
                   : fail(LineFault::not_utf8, here(),
                          "is not UTF-8 at byte " + std::to_string(position) + ": encode the line as UTF-8");
    }

    Json& tree() { return tree_; }
    std::optional<LineError>& error() { return error_; }

  private:
    struct Open {
        Json* value;     ///< Its address stays: its parent does not grow before it is closed.
        std::string key; ///< Of an object: the key that is next, or was last.
    };

    bool fail(LineFault fault, std::string_view pointer, std::string_view what) {
        if (!error_) {
            error_ = line_error(fault, pointer, what);
        }
        return false;
    }

    /// The pointer to the value of the first `depth` open ones.
    [[nodiscard]] std::string path_of(std::size_t depth) const {
        std::string path(pointer_);
        for (std::size_t i = 0; i < depth; ++i) {
            const Open& open = open_[i];
            // The open element of an array is its last one.
            const bool inner_is_in = i + 1 < open_.size();
            if (open.value->is_object()) {
                if (!open.key.empty() || inner_is_in) {
                    path = child(path, open.key);
                }
            } else {
                path = child(path, std::to_string(open.value->size() - (inner_is_in ? 1 : 0)));
            }
        }
        return path;
    }
    [[nodiscard]] std::string here() const { return path_of(open_.size()); }

    Json* insert(Json value) {
        if (open_.empty()) {
            tree_ = std::move(value);
            return &tree_;
        }
        Json& parent = *open_.back().value;
        if (parent.is_object()) {
            return &(parent[open_.back().key] = std::move(value));
        }
        parent.push_back(std::move(value));
        return &parent.back();
    }

    bool put(Json value) {
        insert(std::move(value));
        return true;
    }

    bool open(Json value) {
        if (open_.size() == max_depth) {
            return fail(LineFault::too_deep, here(),
                        "is nested too deep: no form has more than a few levels");
        }
        Json* const place = insert(std::move(value));
        open_.push_back({place, {}});
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    std::string_view pointer_;
    bool is_utf8_;
    Json tree_;
    std::vector<Open> open_;
    std::optional<LineError> error_;
};

} // namespace

Result<Json, LineError> parse_strictly(std::string_view text, std::string_view pointer) {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return line_error(LineFault::empty, pointer, "is empty: leave it out, or write a JSON object");
    }
    // The parser takes a NUL character for the end of its input.
    if (const std::size_t at = text.find('\0'); at != std::string_view::npos) {
        return line_error(LineFault::not_json, pointer,
                          "holds a NUL at byte " + std::to_string(at + 1) + ": take it out");
    }
    TreeBuilder builder(pointer, count_characters(text).has_value());
    if (!Json::sax_parse(text.begin(), text.end(), &builder)) {
        if (builder.error()) {
            return std::move(*builder.error());
        }
        return line_error(LineFault::not_json, pointer, "is not JSON: write it as RFC 8259 has it");
    }
    return std::move(builder.tree());
}

} // namespace keytone::json
