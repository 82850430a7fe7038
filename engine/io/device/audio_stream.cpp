// SPDX-License-Identifier: MIT
#include "engine/io/device/audio_stream.hpp"

#include <portaudio.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

namespace keytone::io {

namespace {

using Clock = StreamHealth::Clock;

/// How long the audio system may take to end a stream.
constexpr std::chrono::seconds closing_patience{3};

/// How many seconds of output audio systems are asked to buffer at least.
constexpr double calm_latency_s = 0.15;

/// Set when a stream could not be ended. PortAudio must not be terminated then either: it waits for a JACK
/// server that has gone, or aborts.
std::atomic<bool> portaudio_is_stuck{false};

std::string in_quotes(const AudioDevice& device) {
    return "'" + device.name + "' (" + device.system + ")";
}

/// What PortAudio, or the audio system below it, says about `error`.
std::string words(PaError error) {
    const PaHostErrorInfo* const host =
        error == paUnanticipatedHostError ? Pa_GetLastHostErrorInfo() : nullptr;
    return host != nullptr && host->errorText != nullptr && *host->errorText != '\0' ? host->errorText
                                                                                     : Pa_GetErrorText(error);
}

PaStreamParameters parameters(const AudioDevice& device, AudioDirection direction, int channels) {
    const PaDeviceInfo* const info = Pa_GetDeviceInfo(device.number);
    // Output may be delayed, input may not. With less latency, PulseAudio underflows at every block when it
    // has to convert the rate.
    const double latency = info == nullptr ? 0.0
                           : direction == AudioDirection::input
                               ? info->defaultHighInputLatency
                               : std::max(info->defaultHighOutputLatency, calm_latency_s);
    return {device.number, channels, paInt16, latency, nullptr};
}

} // namespace

/// What the audio thread works on: its address stays the same while the stream lives.
struct AudioStream::State {
    explicit State(StreamSettings wanted) : settings(std::move(wanted)) {}

    StreamSettings settings;
    PaStream* stream = nullptr;
    std::size_t channels = 0;
    std::shared_ptr<StreamClient> client;
    std::optional<StreamHealth> health;
    std::optional<StallWatch> watch;
    bool started = false;

    /// Opens the stream with `count` channels.
    PaError open(int count) {
        const bool input = settings.direction == AudioDirection::input;
        const PaStreamParameters wanted = parameters(settings.device, settings.direction, count);
        channels = static_cast<std::size_t>(count);
        return Pa_OpenStream(&stream, input ? &wanted : nullptr, input ? nullptr : &wanted,
                             settings.rate.hz(), paFramesPerBufferUnspecified, paDitherOff, &on_block, this);
    }

    /// Called on the audio system's thread. The clock is read in the process itself (vDSO), without a system
    /// call, wherever the kernel's clock source allows it.
    static int on_block(const void* in, void* out, unsigned long frames,
                        const PaStreamCallbackTimeInfo* /*times*/, PaStreamCallbackFlags flags,
                        void* self) noexcept {
        State& state = *static_cast<State*>(self);
        state.health->begin(Clock::now(), frames,
                            {.input_underflow = (flags & paInputUnderflow) != 0,
                             .input_overflow = (flags & paInputOverflow) != 0,
                             .output_underflow = (flags & paOutputUnderflow) != 0,
                             .output_overflow = (flags & paOutputOverflow) != 0});
        const std::size_t samples = frames * state.channels;
        AudioBlock block{.frames = frames, .heard = {}, .sent = {}};
        if (in != nullptr) {
            block.heard = {static_cast<const std::int16_t*>(in), samples};
        }
        if (out != nullptr) {
            block.sent = {static_cast<std::int16_t*>(out), samples};
        }
        state.client->on_block(block);
        state.health->end(Clock::now());
        return paContinue;
    }
};

Result<AudioSystem, DeviceError> AudioSystem::open() {
    if (const PaError error = Pa_Initialize(); error != paNoError) {
        return DeviceError{"the audio system does not start: " + words(error)};
    }
    return AudioSystem();
}

AudioSystem::AudioSystem(AudioSystem&& other) noexcept : open_(std::exchange(other.open_, false)) {}

AudioSystem::~AudioSystem() {
    if (open_ && !portaudio_is_stuck) {
        Pa_Terminate();
    }
}

std::vector<AudioDevice> AudioSystem::devices() const {
    std::vector<AudioDevice> devices;
    for (PaDeviceIndex number = 0; number < Pa_GetDeviceCount(); ++number) {
        const PaDeviceInfo* const info = Pa_GetDeviceInfo(number);
        const PaHostApiInfo* const system = info == nullptr ? nullptr : Pa_GetHostApiInfo(info->hostApi);
        if (system != nullptr && (info->maxInputChannels > 0 || info->maxOutputChannels > 0)) {
            devices.push_back({.number = number,
                               .name = info->name,
                               .system = system->name,
                               .inputs = info->maxInputChannels,
                               .outputs = info->maxOutputChannels,
                               .rate_hz = info->defaultSampleRate,
                               .default_input = number == Pa_GetDefaultInputDevice(),
                               .default_output = number == Pa_GetDefaultOutputDevice()});
        }
    }
    return devices;
}

bool AudioSystem::supports(const AudioDevice& device, AudioDirection direction, SampleRate rate) const {
    const bool input = direction == AudioDirection::input;
    const PaStreamParameters wanted = parameters(device, direction, device.channels(direction));
    return Pa_IsFormatSupported(input ? &wanted : nullptr, input ? nullptr : &wanted, rate.hz()) ==
           paFormatIsSupported;
}

Result<AudioStream, DeviceError> AudioStream::open(const AudioSystem& /*system*/,
                                                   const StreamSettings& settings, ClientMaker make_client) {
    auto state = std::make_unique<State>(settings);
    const int all = settings.device.channels(settings.direction);
    const int wanted = std::min(settings.channels, all);
    PaError error = state->open(wanted);
    if (error == paInvalidChannelCount && all != wanted) {
        error = state->open(all);
    }
    if (error != paNoError) {
        return DeviceError{"device " + in_quotes(settings.device) + " cannot be opened (" + words(error) +
                           "): see that no other program holds it, or choose another of keytone devices"};
    }
    AudioStream stream(std::move(state));
    State& opened = *stream.state_;
    opened.client = make_client(opened.channels);
    opened.health.emplace(settings.rate, stream.latency_s());
    opened.watch.emplace(Clock::now());
    if (error = Pa_StartStream(opened.stream); error != paNoError) {
        return DeviceError{"device " + in_quotes(settings.device) + " does not start (" + words(error) +
                           "): see that no other program holds it, or choose another of keytone devices"};
    }
    opened.started = true;
    return stream;
}

AudioStream::AudioStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
AudioStream::AudioStream(AudioStream&&) noexcept = default;

AudioStream::~AudioStream() {
    close();
}

StreamCounts AudioStream::counts() const {
    return state_ ? state_->health->counts() : StreamCounts{};
}

double AudioStream::latency_s() const {
    const PaStreamInfo* const info = state_ ? Pa_GetStreamInfo(state_->stream) : nullptr;
    return info == nullptr                                       ? 0.0
           : state_->settings.direction == AudioDirection::input ? info->inputLatency
                                                                 : info->outputLatency;
}

std::optional<DeviceError> AudioStream::failure() {
    if (!state_) {
        return std::nullopt;
    }
    const bool active = Pa_IsStreamActive(state_->stream) == 1;
    const bool stalled = state_->watch->stalled(Clock::now(), state_->health->blocks());
    if (active && !stalled) {
        return std::nullopt;
    }
    const std::string what = active ? " hands over no samples any more" : " has stopped";
    return DeviceError{"device " + in_quotes(state_->settings.device) + what +
                       ": see that it is plugged in and its audio system runs, and begin again"};
}

bool AudioStream::close() {
    if (!state_) {
        return true;
    }
    // PortAudio waits for ever for a JACK server that has gone, and what is left of its stream cannot be
    // closed.
    if (state_->started && Pa_IsStreamActive(state_->stream) != 1) {
        abandon();
        return false;
    }
    std::packaged_task<void()> end([stream = state_->stream] { Pa_CloseStream(stream); });
    const std::future<void> ended = end.get_future();
    std::thread(std::move(end)).detach();
    if (ended.wait_for(closing_patience) == std::future_status::ready) {
        state_.reset();
        return true;
    }
    abandon();
    return false;
}

void AudioStream::abandon() {
    portaudio_is_stuck = true;
    // Kept reachable as long as the program runs, as the audio thread may still be using it.
    static auto* const abandoned = new std::vector<std::unique_ptr<State>>;
    abandoned->push_back(std::move(state_));
}

} // namespace keytone::io
