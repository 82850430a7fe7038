// SPDX-License-Identifier: MIT
#include "bench/live/baresip_side.hpp"

#include "bench/live/cost.hpp"
#include "engine/io/wav_writer.hpp"
#include "server/sip/re_signalling.hpp"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <variant>

namespace keytone::bench {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr const char* modules = "/usr/lib/baresip/modules";
constexpr const char* address = "127.0.0.1:5070";
constexpr std::uint16_t control_port = 5072;     // It takes 5071 itself, for TLS.
constexpr std::string_view caller = "sip:load-"; // and the call's number
constexpr std::uint8_t event_payload_type = 101;
constexpr double spare_seconds = 15.0; // calls begin and end before and behind what is measured

void write(const std::filesystem::path& path, const std::string& text) {
    if (!(std::ofstream(path) << text)) {
        throw std::runtime_error(path.string() + " cannot be written");
    }
}

} // namespace

BaresipSide::~BaresipSide() {
    close();
}

bool BaresipSide::is_installed() {
    return PeerProgram::is_installed("baresip") &&
           std::filesystem::exists(std::filesystem::path(modules) / "aufile.so");
}

LineSetup BaresipSide::line(std::size_t index) const {
    LineSetup setup;
    setup.index = index;
    setup.event_payload_type = event_payload_type;
    setup.keys_as_events = true;      // It does not look for tones,
    setup.keys_come_as_events = true; // and any event that comes back is one too many.
    return setup;
}

std::size_t BaresipSide::write_files(const PointSetup& setup) {
    const std::filesystem::path& folder = folder_.emplace().path();
    const std::string voice = folder / "speech.wav";
    const auto packets = static_cast<std::size_t>((setup.seconds + spare_seconds) * 50.0);
    auto wav = io::WavWriter::create(voice, 8000, 1, io::WavEncoding::pcm16);
    for (std::size_t i = 0; wav && i < packets; ++i) {
        static_cast<void>(wav->write(sound_->speech_samples(i))); // close() says what failed
    }
    if (!wav || !wav->close()) {
        throw std::runtime_error(voice + " cannot be written");
    }
    write(folder / "contacts", "");
    write(folder / "accounts",
          std::string("<sip:phone@") + address +
              ";transport=udp>;regint=0;answermode=auto;audio_codecs=PCMU;dtmfmode=rtpevent\n");
    // Without a menu, which puts all calls but one on hold. What it plays goes nowhere.
    write(folder / "config",
          std::string("poll_method epoll\nnet_interface 127.0.0.1\nrtp_ports 10000-59999\nsip_listen ") +
              address + "\ncall_max_calls " + std::to_string(most_calls) + "\naudio_source aufile," + voice +
              "\naudio_player aubridge,nowhere\naudio_alert aubridge,nowhere\nmodule_path " + modules +
              "\nctrl_tcp_listen 127.0.0.1:" + std::to_string(control_port) +
              "\nmodule g711.so\nmodule aufile.so\nmodule aubridge.so\n"
              "module_app account.so\nmodule_app ctrl_tcp.so\nstatmode_default off\n");
    return packets * samples_per_packet * sizeof(std::int16_t);
}

void BaresipSide::start(unsigned cores) {
    {
        const Pinned pinned(0, cores);
        program_.emplace(std::vector<std::string>{"baresip", "-4", "-f", folder_->path().string()},
                         folder_->path() / "output");
    }
    // As the media threads that it is compared with; its threads inherit it.
    const sched_param priority{.sched_priority = sched_get_priority_min(SCHED_FIFO) + 10};
    sched_setscheduler(program_->process(), SCHED_FIFO, &priority);
    const auto until = Clock::now() + 10s;
    while (folder_->text_of("output").find("baresip is ready") == std::string::npos) {
        if (!program_->runs() || Clock::now() > until) {
            throw std::runtime_error(
                "baresip does not start: ports 5070 to 5072 of 127.0.0.1 have to be free");
        }
        std::this_thread::sleep_for(20ms);
    }
    events_.emplace(control_port);
}

LineRoute BaresipSide::open_call(std::size_t index, std::uint16_t far_port) {
    server::Invitation call;
    call.to = std::string("sip:phone@") + address;
    call.from = std::string(caller) + std::to_string(index) + "@127.0.0.1";
    call.own.address = "127.0.0.1";
    call.own.port = far_port;
    call.own.codecs = {{G711Law::ulaw, 0}};
    call.own.telephone_event = event_payload_type;
    call.own.comfort_noise.reset();
    const server::DialogId placed = signalling_->invite(call);
    const auto until = Clock::now() + 10s;
    while (const auto fact = signalling_->next(until)) {
        if (const auto* const ended = std::get_if<server::DialogEnded>(&fact->what)) {
            throw std::runtime_error("baresip ends a call, with status " + std::to_string(ended->status));
        }
        if (const auto* const answered = std::get_if<server::Answered>(&fact->what);
            answered != nullptr && fact->dialog == placed) {
            if (!server::match(call.own, answered->far) ||
                answered->far.telephone_event != event_payload_type) {
                throw std::runtime_error("baresip answers without PCMU or telephone events");
            }
            return {answered->far.port, answered->far.port};
        }
    }
    throw std::runtime_error("baresip does not answer a call");
}

std::vector<LineRoute> BaresipSide::open(const PointSetup& setup, std::uint16_t far_port) {
    if (setup.calls > most_calls) {
        throw std::runtime_error("baresip has at most " + std::to_string(most_calls) +
                                 " calls at once, not " + std::to_string(setup.calls));
    }
    const std::size_t sound_bytes = write_files(setup);
    start(setup.cores); // before our SIP, whose sockets it would inherit
    auto made = server::make_re_signalling({});
    if (!made) {
        throw std::runtime_error(made.error());
    }
    signalling_ = *std::move(made);
    const std::size_t before = resident_bytes(program_->process());
    keys_.assign(setup.calls, "");
    std::vector<LineRoute> routes;
    for (std::size_t i = 0; i < setup.calls; ++i) {
        routes.push_back(open_call(i, far_port));
        attend();
    }
    const std::size_t grown = resident_bytes(program_->process()) - before;
    bytes_ = grown - std::min(grown, setup.calls * sound_bytes);
    return routes;
}

void BaresipSide::attend() {
    if (!program_->runs()) {
        throw std::runtime_error("baresip has ended while it had calls");
    }
    events_->take_keys([this](const std::string& who, const std::string& key) {
        const std::size_t index =
            who.starts_with(caller) ? std::strtoul(who.c_str() + caller.size(), nullptr, 10) : keys_.size();
        if (index < keys_.size()) {
            keys_[index] += key;
        }
    });
}

double BaresipSide::media_seconds() {
    return seconds_run(program_->process());
}

void BaresipSide::close() {
    signalling_.reset(); // says BYE
    events_.reset();
    program_.reset();
    folder_.reset();
}

} // namespace keytone::bench
