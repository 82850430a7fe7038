// SPDX-License-Identifier: MIT
#include "tools/option_checks.hpp"

#include <gtest/gtest.h>

#include <string>

namespace keytone::tools {
namespace {

TEST(DecimalNumber, TakesFiniteDecimalNumbers) {
    const CLI::Validator check = decimal_number();
    for (std::string text : {"0", "-10", "3.14", "+3", "1e3", ".5"}) {
        EXPECT_EQ(check(text), "") << text;
    }
    for (std::string text :
         {"", "nan", "inf", "-inf", "1e999", "0x10", "1,5", "5ms", " 5", "5 ", "+-5", "+", "-"}) {
        EXPECT_NE(check(text), "") << text;
    }
}

TEST(DecimalNumber, NamesTheRange) {
    const CLI::Validator check = decimal_number(0, 600000, " ms");
    for (std::string text : {"0", "600000"}) {
        EXPECT_EQ(check(text), "") << text;
    }
    std::string below = "-0.5";
    EXPECT_EQ(check(below), "'-0.5' is out of range: give 0 to 600000 ms");
    std::string above = "600001";
    EXPECT_EQ(check(above), "'600001' is out of range: give 0 to 600000 ms");
    std::string none = "nan";
    EXPECT_EQ(check(none), "'nan' is not a number: give one such as 12.5");
}

TEST(WholeNumber, IsReadAsDecimal) {
    const CLI::Validator check = whole_number(1, 256);
    std::string text = "010";
    EXPECT_EQ(check(text), "");
    EXPECT_EQ(text, "10");
    for (std::string wrong : {"", "0", "257", "-1", "1.5", "0x10", "x", "99999999999999999999"}) {
        EXPECT_NE(check(wrong), "") << wrong;
    }
}

TEST(OneOf, NamesWhatIsOffered) {
    const CLI::Validator check = one_of({"a", "b", "c"});
    std::string offered = "b";
    EXPECT_EQ(check(offered), "");
    std::string other = "d";
    EXPECT_EQ(check(other), "'d' is not offered: use a, b or c");
}

} // namespace
} // namespace keytone::tools
