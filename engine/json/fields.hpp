// SPDX-License-Identifier: MIT
//
// For the codec only: reads the values of an object, or of positional arguments, by name, and checks type and
// range.
#pragma once

#include "engine/json/line_error.hpp"
#include "engine/json/strict_json.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::json {

/// A key's spelling, and a second spelling that is accepted for it.
struct Key {
    // NOLINTNEXTLINE(google-explicit-constructor): most keys have one spelling.
    constexpr Key(const char* spelling, const char* other = "") : name(spelling), alias(other) {}

    std::string_view name;
    std::string_view alias;
};

/// The key in every line that says when it happened.
inline constexpr Key at_key{"at"};

/// One word that a value may be, and its meaning.
template <class Meaning>
struct Word {
    constexpr Word(std::string_view written, Meaning meant) : word(written), meaning(meant) {}

    std::string_view word;
    Meaning meaning;
};

/// Values by name. null counts as absent. Only the first fault is kept: read all values, then check error().
class Fields {
  public:
    /// The values at `pointer`; those with a name are added next.
    explicit Fields(std::string_view pointer) : pointer_(pointer) {}

    /// Adds the values of `object`, whose keys must be among `known`; `object` must outlive this.
    void add_object(const Json& object, std::string_view pointer, std::span<const Key> known);
    /// Adds one value that is elsewhere without a name, or under another one.
    void add(Key key, const Json& value, std::string pointer);

    [[nodiscard]] bool has(Key key) const { return find(key) != nullptr; }
    /// The pointer to the value of `key`, whether it is there or not.
    [[nodiscard]] std::string pointer_of(Key key) const;

    /// A string on one line (no control characters), of at most `max_bytes`.
    std::optional<std::string> token(Key key, std::size_t max_bytes);
    /// The same for keys to press and numbers to dial; the error says why a JSON number is not accepted.
    std::optional<std::string> digits(Key key, std::size_t max_bytes);
    /// Text to be spoken or read, which may have line ends and tabs: at most `max_characters` (Unicode).
    std::optional<std::string> prose(Key key, std::size_t max_characters);
    /// A string that holds JSON text, which is parsed, and checked, separately.
    std::optional<std::string> quoted_json(Key key);
    /// The id of a request or a call: 1 to max_id_length printable ASCII characters.
    std::optional<std::string> id(Key key);
    std::optional<double> number(Key key, double least, double most);
    /// The same for a value of which the policy accepts a narrower range, which the remedy names.
    struct Range {
        double least;
        double most;
    };
    std::optional<double> number(Key key, Range form, Range valid);
    std::optional<int> whole(Key key, int least, int most);
    std::optional<bool> flag(Key key);
    /// One of `words`.
    template <class Meaning>
    std::optional<Meaning> choice(Key key, std::span<const Word<Meaning>> words);
    template <class Meaning, std::size_t Count>
    std::optional<Meaning> choice(Key key, const std::array<Word<Meaning>, Count>& words) {
        return choice(key, std::span<const Word<Meaning>>(words));
    }
    const Json* object(Key key);
    const Json* array(Key key);

    /// Whether `key` is there; if not, that is a fault. `remedy` says what is expected.
    bool require(Key key, std::string_view remedy);

    /// Keeps a fault, unless there was one before.
    void fail(LineFault fault, std::string_view pointer, std::string_view what);
    /// Keeps another reader's fault, if it has one.
    void fail(const std::optional<LineError>& error);
    [[nodiscard]] const std::optional<LineError>& error() const { return error_; }

  private:
    struct Field {
        std::string_view name;
        const Json* value;
        std::string pointer;
    };

    /// The value, unless it is absent or null.
    [[nodiscard]] const Field* find(Key key) const;
    /// A string value. `remedy` is for the error where the value is a number.
    const std::string* string(Key key, std::string_view remedy);
    /// The same, without control characters except those in `permitted`.
    const std::string* text(Key key, std::string_view permitted, std::string_view remedy);
    std::optional<std::string> bounded(Key key, const std::string* string, std::size_t max_bytes);
    void wrong_type(const Field& field, std::string_view remedy);

    std::string pointer_;
    std::vector<Field> fields_;
    std::optional<LineError> error_;
};

/// "a, b or c".
std::string enumerate(std::span<const std::string_view> words);

template <class Meaning>
std::optional<Meaning> Fields::choice(Key key, std::span<const Word<Meaning>> words) {
    std::vector<std::string_view> offered;
    for (const auto& word : words) {
        offered.push_back(word.word);
    }
    const Field* const field = find(key);
    if (field == nullptr) {
        return std::nullopt;
    }
    const std::string remedy = "use " + enumerate(offered);
    if (!field->value->is_string()) {
        wrong_type(*field, remedy);
        return std::nullopt;
    }
    const auto& given = field->value->get_ref<const std::string&>();
    for (const auto& word : words) {
        if (word.word == given) {
            return word.meaning;
        }
    }
    fail(LineFault::bad_value, field->pointer, "is not offered: " + remedy);
    return std::nullopt;
}

} // namespace keytone::json
