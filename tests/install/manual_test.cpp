// SPDX-License-Identifier: MIT
//
// The manual and the completions have what `--help` has: every command, every option, and nothing else.
#include "tests/support/installation.hpp"

#include <algorithm>
#include <fstream>
#include <memory>
#include <regex>
#include <set>
#include <sstream>

namespace keytone::test {
namespace {

using Names = std::set<std::string>;

class Manual : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (KEYTONE_INSTALLS != 0) {
            installation = std::make_unique<Installation>();
        }
    }
    static void TearDownTestSuite() { installation.reset(); }
    void SetUp() override {
        if (installation == nullptr) {
            GTEST_SKIP() << "this build installs nothing";
        }
    }
    /// How many pages of keytone, or of keytone-server, there are.
    static std::size_t pages_installed(bool of_server);
    static std::unique_ptr<Installation> installation;
};

std::unique_ptr<Installation> Manual::installation;

std::string help(const std::string& command, const std::string& program = KEYTONE_PROGRAM) {
    const auto result =
        command.empty() ? run_child(program, {"--help"}) : run_child(program, {command, "--help"});
    EXPECT_TRUE(done(result));
    return result.output;
}

/// The first group of every match of `pattern`, from the line that begins with `title` to the next empty
/// line.
Names names_below(const std::string& text, const std::string& title, const std::string& pattern) {
    Names names;
    std::istringstream lines(text);
    bool within = false;
    for (std::string line; std::getline(lines, line);) {
        within = line.starts_with(title) || (within && !line.empty());
        std::smatch found;
        if (within && std::regex_search(line, found, std::regex(pattern))) {
            names.insert(found[1]);
        }
    }
    return names;
}

Names commands() {
    return names_below(help(""), "Subcommands:", "^  ([a-z]+) ");
}

/// The options in `--help`: `-o` and `--output` are two.
Names options(const std::string& command, const std::string& program = KEYTONE_PROGRAM) {
    Names names;
    std::istringstream lines(help(command, program));
    bool within = false;
    for (std::string line; std::getline(lines, line);) {
        within = line == "Options:" || (within && line.starts_with("  "));
        std::smatch found;
        if (within && std::regex_search(line, found, std::regex("^  (-[^ ]+)"))) {
            std::istringstream parts(found[1]);
            for (std::string name; std::getline(parts, name, ',');) {
                names.insert(name);
            }
        }
    }
    return names;
}

/// The words of `text` that are options.
Names options_in(const std::string& text) {
    Names names;
    const std::regex option("(^|[^-A-Za-z0-9])(--?[A-Za-z][-a-z0-9]*)");
    for (std::sregex_iterator match(text.begin(), text.end(), option), end; match != end; ++match) {
        names.insert((*match)[2]);
    }
    return names;
}

std::string read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A page of the manual as on a terminal, without hyphenation.
std::string page(const Installation& installation, const std::string& command,
                 const std::string& program = "keytone") {
    const std::string name = command.empty() ? program + ".1" : program + "-" + command + ".1";
    const auto rendered = run_tool({"mandoc", "-Tascii", "-Owidth=200", installation.find(name)});
    EXPECT_TRUE(done(rendered));
    return std::regex_replace(rendered.output, std::regex(".\b"), "");
}

/// Pages of one of the two programs.
bool is_page_of_server(const std::string& name) {
    return name.starts_with("keytone-server");
}

/// The lines of a page's section, up to the next title.
std::string section(const std::string& page, const std::string& title) {
    std::istringstream lines(page);
    std::string text;
    bool within = false;
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.front() != ' ') {
            within = line == title;
        } else if (within) {
            text += line + "\n";
        }
    }
    return text;
}

Names documented(const std::string& page) {
    Names names;
    std::istringstream lines(section(page, "OPTIONS"));
    for (std::string line; std::getline(lines, line);) {
        if (std::regex_search(line, std::regex("^ {5,7}-"))) {
            names.merge(options_in(line.substr(0, line.find("  ", 8))));
        }
    }
    return names;
}

Names with(Names names, const Names& more) {
    names.insert(more.begin(), more.end());
    return names;
}

std::size_t Manual::pages_installed(bool of_server) {
    const auto folder = std::filesystem::path(installation->find("keytone.1")).parent_path();
    const std::filesystem::directory_iterator entries(folder);
    return static_cast<std::size_t>(std::ranges::count_if(entries, [&](const auto& entry) {
        return entry.path().extension() == ".1" && is_page_of_server(entry.path().filename()) == of_server;
    }));
}

TEST_F(Manual, TheHelpIsReadAsItIsMeant) {
    EXPECT_EQ(commands().count("render"), 1U);
    EXPECT_EQ(options(""), (Names{"-h", "--help", "-V", "--version"}));
    EXPECT_EQ(options("tools"), (Names{"-h", "--help", "--for", "--wait-for", "--on-machine", "--allow"}));
}

TEST_F(Manual, TheManualHasAPageForEachCommand) {
    const std::string whole = page(*installation, "");
    Names pages = commands();
    EXPECT_EQ(names_below(section(whole, "COMMANDS"), "", "^ {5,7}([a-z]+)"), pages);
    pages.insert("");
    for (const std::string& command : pages) {
        EXPECT_EQ(documented(page(*installation, command)), options(command)) << command;
    }
    EXPECT_EQ(pages_installed(false), pages.size());
}

TEST_F(Manual, TheServerHasPagesOfItsOwn) {
    const Names pages{"", "call", "answer", "check", "token", "webhooks", "reports"};
    EXPECT_EQ(names_below(help("", KEYTONE_SERVER), "Subcommands:", "^  ([a-z]+) "),
              (Names{"call", "answer", "check", "token", "webhooks", "reports"}));
    EXPECT_EQ(options("", KEYTONE_SERVER), (Names{"-h", "--help", "-V", "--version", "--config", "--drain",
                                                  "--log", "--allow-http-webhooks"}));
    for (const std::string& command : pages) {
        const std::string text = page(*installation, command, "keytone-server");
        EXPECT_EQ(documented(text), options(command, KEYTONE_SERVER)) << command;
        const std::string name = command.empty() ? "keytone-server.1" : "keytone-server-" + command + ".1";
        EXPECT_TRUE(done(run_tool({"mandoc", "-Tlint", installation->find(name)})));
        EXPECT_EQ(run_tool({"groff", "-man", "-ww", "-z", "-Tascii", installation->find(name)}).errors, "");
    }
    EXPECT_EQ(pages_installed(true), pages.size());
    // An error in a configuration sends its reader there: it has every key that docs/live.md has.
    const std::string text = page(*installation, "", "keytone-server");
    const std::regex key("\n\\| `([a-z]+\\.[a-z_]+)`(, `([a-z]+\\.[a-z_]+)`)?");
    const std::string document = read(KEYTONE_ROOT "/docs/live.md");
    std::size_t keys = 0;
    for (std::sregex_iterator match(document.begin(), document.end(), key), end; match != end; ++match) {
        EXPECT_NE(text.find((*match)[1]), std::string::npos) << (*match)[1];
        EXPECT_NE(text.find((*match)[3]), std::string::npos) << (*match)[3];
        ++keys;
    }
    EXPECT_GE(keys, 17U);
}

TEST_F(Manual, TheManualIsCleanAndHoldsTheExamples) {
    for (const std::string& command : with(commands(), {""})) {
        const std::string name = command.empty() ? "keytone.1" : "keytone-" + command + ".1";
        const std::string path = installation->find(name);
        const auto lint = run_tool({"mandoc", "-Tlint", path});
        EXPECT_TRUE(done(lint));
        const auto groff = run_tool({"groff", "-man", "-ww", "-z", "-Tascii", path});
        EXPECT_TRUE(done(groff));
        EXPECT_EQ(groff.errors, "");
        if (!command.empty()) {
            const std::string text = help(command);
            const auto at = text.find("  keytone " + command);
            ASSERT_NE(at, std::string::npos);
            const std::string example = text.substr(at + 2, text.find('\n', at) - at - 2);
            EXPECT_NE(page(*installation, command).find(example), std::string::npos) << example;
        }
    }
}

/// What bash offers after `words`, the last of which is being typed.
Names bash_offers(const std::string& script, const std::string& words) {
    const auto answer =
        run_tool({"bash", "-c",
                  "source \"$1\"; read -ra COMP_WORDS <<<\"$2\"; [[ $2 != *' ' ]] || COMP_WORDS+=('')\n"
                  "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); compopt() { :; }; _keytone\n"
                  "printf '%s\\n' \"${COMPREPLY[@]}\"",
                  "bash", script, words});
    EXPECT_TRUE(done(answer));
    std::istringstream stream(answer.output);
    return {std::istream_iterator<std::string>(stream), {}};
}

TEST_F(Manual, BashOffersWhatTheHelpSays) {
    const std::string script = installation->prefix() + "/share/bash-completion/completions/keytone";
    EXPECT_EQ(bash_offers(script, "keytone "), with(commands(), options("")));
    for (const std::string& command : commands()) {
        EXPECT_EQ(bash_offers(script, "keytone " + command + " -"), options(command)) << command;
    }
    EXPECT_EQ(bash_offers(script, "keytone render --encoding "), (Names{"alaw", "float", "pcm16", "ulaw"}));
    EXPECT_EQ(bash_offers(script, "keytone render --encoding = u"), (Names{"ulaw"}));
    EXPECT_EQ(bash_offers(script, "keytone render 12 --tone-ms "), Names{});
    EXPECT_TRUE(done(run_tool({"shellcheck", script})));
}

TEST_F(Manual, FishOffersWhatTheHelpSays) {
    const std::string script = installation->find("keytone.fish");
    // fish keeps a history and settings in the home folder: here an empty one.
    const TemporaryFolder home;
    const auto offers = [&](const std::string& words) {
        const auto answer = run_tool({"HOME=" + home.path().string(), "fish", "--no-config", "-c",
                                      "source $argv[1]; complete -C $argv[2]", script, words});
        EXPECT_TRUE(done(answer));
        Names names;
        std::istringstream lines(answer.output);
        for (std::string line; std::getline(lines, line);) {
            names.insert(line.substr(0, line.find('\t')));
        }
        return names;
    };
    EXPECT_EQ(offers("keytone "), commands());
    for (const std::string& command : commands()) {
        Names wanted;
        for (const std::string& option : options(command)) {
            if (option.starts_with("--")) {
                wanted.insert(option);
            }
        }
        EXPECT_EQ(offers("keytone " + command + " --"), wanted) << command;
    }
    EXPECT_EQ(offers("keytone render --encoding "), (Names{"alaw", "float", "pcm16", "ulaw"}));
}

TEST_F(Manual, ZshKnowsWhatTheHelpSays) {
    const std::string script = installation->find("_keytone");
    EXPECT_TRUE(done(run_tool({"zsh", "-n", script})));
    const std::string text = read(script);
    for (const std::string& command : commands()) {
        EXPECT_NE(text.find("'" + command + ":"), std::string::npos) << command;
        const auto begin = text.find("    " + command + ")\n");
        ASSERT_NE(begin, std::string::npos) << command;
        // The names precede the brackets of the descriptions.
        const std::string descriptions = "\\[[^\n]*";
        const std::string part = text.substr(begin, text.find(";;", begin) - begin);
        EXPECT_EQ(options_in(std::regex_replace(part, std::regex(descriptions), "")), options(command))
            << command;
    }
}

} // namespace
} // namespace keytone::test
