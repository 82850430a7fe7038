// SPDX-License-Identifier: MIT
//
// SQLite, as far as the store uses it: one file in WAL mode, statements with their values bound,
// transactions.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace keytone::server {

/// Why the store could not do something: one line, with the file. The transaction it happened in has no
/// effect.
class StoreError : public std::runtime_error {
  public:
    StoreError(const std::string& line, int code) : std::runtime_error(line), code_(code) {}

    /// Whether what was asked for is itself wrong: asked for again, it fails again. Else it is the disk, or
    /// another program that holds the file.
    [[nodiscard]] bool is_of_the_request() const;

  private:
    int code_; ///< SQLite's.
};

/// One connection. Used by one thread at a time.
class Database {
  public:
    /// How long a statement waits for another program that writes.
    static constexpr int busy_patience_ms = 5000;

    /// Opens the file, which is made if it is not there, readable by its owner alone. Throws StoreError.
    explicit Database(const std::string& path);

    [[nodiscard]] const std::string& path() const { return path_; }
    /// Runs statements without values. Throws StoreError.
    void run(const char* statements);
    /// Rows that the last statement changed.
    [[nodiscard]] std::int64_t changed() const { return sqlite3_changes64(handle_.get()); }

  private:
    friend class Query;
    friend class Transaction;
    [[noreturn]] void fail(int code) const;

    std::string path_;
    std::unique_ptr<sqlite3, decltype(&sqlite3_close)> handle_{nullptr, &sqlite3_close};
};

/// One statement, prepared, with its values bound in their order; bytes are taken as they are. All throw
/// StoreError.
class Query {
  public:
    template <class... Values>
    Query(Database& database, const char* statement, const Values&... values)
        : Query(database, statement, nullptr) {
        (bind(values), ...);
    }

    /// Goes to the next row; false where there is none.
    bool next();
    /// Where no row is of interest.
    void run() {
        while (next()) {
        }
    }
    [[nodiscard]] std::int64_t number(int column) const {
        return sqlite3_column_int64(statement_.get(), column);
    }
    [[nodiscard]] std::optional<std::int64_t> number_or_none(int column) const;
    [[nodiscard]] std::string text(int column) const;

  private:
    Query(Database& database, const char* statement, std::nullptr_t);
    void bind(std::int64_t value);
    void bind(std::string_view value);
    void bind(const std::string& value) { bind(std::string_view(value)); }
    void bind(const std::optional<std::int64_t>& value);
    void check(int code);

    Database& database_;
    std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement_{nullptr, &sqlite3_finalize};
    int bound_ = 0;
};

/// All or nothing: what is not committed has no effect.
class Transaction {
  public:
    /// Waits until no other program writes. Throws StoreError.
    explicit Transaction(Database& database) : database_(database) { database.run("BEGIN IMMEDIATE"); }
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// It is on the disk when this returns. Throws StoreError.
    void commit() {
        database_.run("COMMIT");
        is_committed_ = true;
    }

  private:
    Database& database_;
    bool is_committed_ = false;
};

} // namespace keytone::server
