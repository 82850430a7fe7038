// SPDX-License-Identifier: MIT
#include "server/program/call_writer.hpp"

#include "engine/io/byte_output.hpp"
#include "tools/simulation/call_files.hpp"

#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>

namespace keytone::server {

namespace {

namespace fs = std::filesystem;

constexpr int most_names_tried = 1000;

// A folder that was not there before. Errors: one line.
Result<std::string, tools::Failure> new_folder(const std::string& parent, const std::string& name) {
    if (auto failure = tools::make_call_folder(parent)) {
        return *failure;
    }
    for (int i = 1; i <= most_names_tried; ++i) {
        const fs::path path = fs::path(parent) / (i == 1 ? name : name + "-" + std::to_string(i));
        std::error_code error;
        if (fs::create_directory(path, error)) {
            return path.string();
        }
        if (error) {
            return tools::failed(path.string() + ": the folder cannot be made: " + error.message());
        }
    }
    return tools::failed(parent + ": every folder for " + name + " is there already: move some away");
}

} // namespace

CallWriter::CallWriter(std::string folder, ServiceLog& log)
    : folder_(std::move(folder)), log_(log), thread_([this] { run(); }) {}

CallWriter::~CallWriter() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void CallWriter::put(CallResult result) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() < most_waiting) {
            waiting_.push_back(std::move(result));
            changed_.notify_one();
            return;
        }
    }
    log_.put({LogLevel::error, "call.unwritten",
              "as many calls wait to be written as may: give answer.output a faster disk",
              result.record.call});
}

void CallWriter::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
        if (waiting_.empty()) {
            return;
        }
        const CallResult result = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        write(result);
        lock.lock();
    }
}

void CallWriter::write(const CallResult& result) {
    LogEntry entry{LogLevel::error, "call.unwritten", {}, result.record.call};
    try {
        const auto folder = new_folder(folder_, result.record.call);
        if (!folder) {
            entry.message = folder.error().message;
        } else if (const auto failure =
                       tools::write_call(result.record, result.recording, io::FileReaders::owner, *folder)) {
            entry.message = failure->message;
            std::error_code ignored;
            fs::remove(*folder, ignored); // only if it is empty
        } else {
            entry.level = LogLevel::info;
            entry.event = "call.written";
            entry.details["folder"] = *folder;
        }
    } catch (const std::exception& error) {
        entry.message = error.what();
    }
    log_.put(entry);
}

} // namespace keytone::server
