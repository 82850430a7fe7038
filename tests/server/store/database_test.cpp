// SPDX-License-Identifier: MIT
#include "server/store/database.hpp"
#include "tests/server/store/store_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace keytone::server {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

/// What opening a file says.
std::string fault_of(const std::string& path) {
    try {
        const Database database(path);
        return "";
    } catch (const StoreError& error) {
        return error.what();
    }
}

TEST(Database, IsReadableByItsOwnerAlone) {
    test::StoreFile store;
    store.database.run("CREATE TABLE t(a)");
    for (const char* const ending : {"", "-wal", "-shm"}) {
        struct stat about {};
        ASSERT_EQ(stat((store.database.path() + ending).c_str(), &about), 0) << ending;
        EXPECT_EQ(about.st_mode & 0777U, 0600U) << ending;
    }
}

TEST(Database, BindsValuesAsTheyAre) {
    test::StoreFile store;
    store.database.run("CREATE TABLE t(a TEXT, b INTEGER)");
    const std::string hostile("'); DROP TABLE t; --\0\xff\"", 25);
    Query(store.database, "INSERT INTO t VALUES(?, ?)", hostile, std::optional<std::int64_t>()).run();
    Query query(store.database, "SELECT a, b FROM t WHERE a = ?", hostile);
    ASSERT_TRUE(query.next());
    EXPECT_EQ(query.text(0), hostile);
    EXPECT_EQ(query.number_or_none(1), std::nullopt);
    EXPECT_FALSE(query.next());
}

TEST(Database, ForgetsATransactionThatIsNotCommitted) {
    test::StoreFile store;
    store.database.run("CREATE TABLE t(a)");
    {
        const Transaction transaction(store.database);
        store.database.run("INSERT INTO t VALUES(1)");
    }
    EXPECT_EQ(store.value("SELECT count(*) FROM t"), "0");
    {
        Transaction transaction(store.database);
        store.database.run("INSERT INTO t VALUES(1)");
        transaction.commit();
    }
    EXPECT_EQ(store.value("SELECT count(*) FROM t"), "1");
}

TEST(Database, SaysWhatIsWrongWithAFile) {
    const TemporaryFolder folder;
    EXPECT_THAT(fault_of(folder.file("none/store.db")), HasSubstr("set store.path to a file in a folder"));
    EXPECT_THAT(fault_of(folder.write("text", std::string(5000, 'x'))), HasSubstr("is no store"));
    EXPECT_THAT(fault_of(folder.path().string()), HasSubstr(folder.path().string()));
}

TEST(AStoreError, TellsWhetherTheRequestItselfIsWrong) {
    test::StoreFile store;
    store.database.run("CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES(1)");
    try {
        store.database.run("INSERT INTO t VALUES(1)");
        FAIL();
    } catch (const StoreError& error) {
        EXPECT_TRUE(error.is_of_the_request());
    }
    EXPECT_FALSE(StoreError("", SQLITE_FULL).is_of_the_request());
    EXPECT_FALSE(StoreError("", SQLITE_IOERR_WRITE).is_of_the_request());
    EXPECT_FALSE(StoreError("", SQLITE_BUSY).is_of_the_request());
    EXPECT_TRUE(StoreError("", SQLITE_CONSTRAINT_UNIQUE).is_of_the_request());
}

} // namespace
} // namespace keytone::server
