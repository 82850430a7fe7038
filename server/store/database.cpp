// SPDX-License-Identifier: MIT
#include "server/store/database.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace keytone::server {

namespace {

// SQLite gives a new file the mode of the process; this one holds secrets. Where root makes it, it belongs to
// whom its folder belongs to: the service, which does not run as root.
void make_private_file(const std::string& path) {
    const int file =
        open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (file < 0) {
        if (errno == EEXIST) {
            return;
        }
        throw StoreError(path + ": cannot be made: " + std::strerror(errno) +
                             ": set store.path to a file in a folder that may be written",
                         SQLITE_CANTOPEN);
    }
    struct stat folder {};
    const auto parent = std::filesystem::absolute(path).parent_path();
    if (geteuid() == 0 && stat(parent.c_str(), &folder) == 0) {
        static_cast<void>(fchown(file, folder.st_uid, folder.st_gid) == 0); // At worst it stays root's.
    }
    close(file);
}

} // namespace

bool StoreError::is_of_the_request() const {
    switch (code_ & 0xFF) { // An extended code has its kind in the low byte.
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
    case SQLITE_ERROR:
        return true;
    default:
        return false;
    }
}

Database::Database(const std::string& path) : path_(path) {
    make_private_file(path);
    sqlite3* handle = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) {
        fail(code);
    }
    sqlite3_busy_timeout(handle, busy_patience_ms);
    // FULL: what is committed survives a power cut, too.
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        "PRAGMA trusted_schema = OFF; PRAGMA journal_size_limit = 16777216");
}

void Database::run(const char* statements) {
    const int code = sqlite3_exec(handle_.get(), statements, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        fail(code);
    }
}

void Database::fail(int code) const {
    std::string line = path_ + ": ";
    switch (code & 0xFF) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        line += "is no store, or is damaged: move it away, or set store.path to another file";
        break;
    case SQLITE_FULL:
        line += "the disk is full: make room on it";
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        line += "another program writes to it: try again when that is done";
        break;
    default:
        line += std::string(handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code)) +
                ": see that the file and its folder may be written";
        break;
    }
    throw StoreError(line, code);
}

Query::Query(Database& database, const char* statement, std::nullptr_t) : database_(database) {
    sqlite3_stmt* prepared = nullptr;
    check(sqlite3_prepare_v2(database.handle_.get(), statement, -1, &prepared, nullptr));
    statement_.reset(prepared);
}

bool Query::next() {
    const int code = sqlite3_step(statement_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        database_.fail(code);
    }
    return code == SQLITE_ROW;
}

std::optional<std::int64_t> Query::number_or_none(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL ? std::nullopt
                                                                        : std::optional(number(column));
}

std::string Query::text(int column) const {
    const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    return bytes == nullptr
               ? std::string()
               : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

void Query::bind(std::int64_t value) {
    check(sqlite3_bind_int64(statement_.get(), ++bound_, value));
}

void Query::bind(std::string_view value) {
    check(sqlite3_bind_text64(statement_.get(), ++bound_, value.data() == nullptr ? "" : value.data(),
                              value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Query::bind(const std::optional<std::int64_t>& value) {
    if (value) {
        bind(*value);
    } else {
        check(sqlite3_bind_null(statement_.get(), ++bound_));
    }
}

void Query::check(int code) {
    if (code != SQLITE_OK) {
        database_.fail(code);
    }
}

Transaction::~Transaction() {
    if (!is_committed_) {
        // A failure may have rolled it back already.
        static_cast<void>(sqlite3_exec(database_.handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr));
    }
}

} // namespace keytone::server
