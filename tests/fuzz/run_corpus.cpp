// Runs a fuzz target without a fuzzer: every seed, then inputs made from the seeds by the same changes in every run.
//
//     NAME_fuzz [--rounds N] FILE_OR_FOLDER...
//
// A target traps on what is wrong; the input is then written to standard error in hexadecimal.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

constexpr std::size_t max_input_bytes = 4096;

Input current;  // what the target is looking at, for the signal handler

// Only what a signal handler may do: no allocation, no streams.
extern "C" void tell_input(int signal) {
    static constexpr char digits[] = "0123456789abcdef";
    const auto put = [](const char* text, std::size_t size) { static_cast<void>(!write(STDERR_FILENO, text, size)); };
    put("\ninput: ", 8);
    for (const std::uint8_t byte : current) {
        const char pair[2] = {digits[byte >> 4], digits[byte & 15]};
        put(pair, 2);
    }
    put("\n", 1);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void run(Input input) {
    current = std::move(input);
    LLVMFuzzerTestOneInput(current.data(), current.size());
}

std::vector<Input> read_seeds(const std::vector<std::filesystem::path>& paths) {
    std::vector<std::filesystem::path> files;
    for (const auto& path : paths) {
        if (!std::filesystem::is_directory(path)) files.push_back(path);
        else
            for (const auto& entry : std::filesystem::directory_iterator(path))
                if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<Input> seeds;
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        if (!in) throw std::runtime_error("cannot read " + file.string());
        seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return seeds;
}

// One to four changes: a byte, a bit, a stretch cut out, doubled, or taken from another seed.
class Mutator {
  public:
    explicit Mutator(const std::vector<Input>& seeds) : seeds_(seeds) {}

    Input next() {
        Input input = any_seed();
        for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(input);
        if (input.size() > max_input_bytes) input.resize(max_input_bytes);
        return input;
    }

  private:
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
    const Input& any_seed() { return seeds_[below(seeds_.size())]; }
    static Input::iterator at(Input& input, std::size_t place) { return input.begin() + static_cast<std::ptrdiff_t>(place); }

    Input stretch_of(const Input& input) {
        const std::size_t start = below(input.size() + 1), size = below(std::min<std::size_t>(input.size() - start, 64) + 1);
        return {input.begin() + static_cast<std::ptrdiff_t>(start),
                input.begin() + static_cast<std::ptrdiff_t>(start + size)};
    }

    void change(Input& input) {
        const std::size_t place = below(input.size() + 1);
        switch (below(6)) {
            case 0: input.insert(at(input, place), static_cast<std::uint8_t>(random_())); return;
            case 1:
                input.erase(at(input, place), at(input, place + below(std::min<std::size_t>(input.size() - place, 32) + 1)));
                return;
            case 2: insert(input, place, stretch_of(input)); return;
            case 3: insert(input, place, stretch_of(any_seed())); return;
            case 4:
                if (place < input.size()) input[place] ^= static_cast<std::uint8_t>(1 << below(8));
                return;
            default:
                if (place < input.size()) input[place] = static_cast<std::uint8_t>(random_());
        }
    }
    static void insert(Input& input, std::size_t place, const Input& stretch) {
        input.insert(at(input, place), stretch.begin(), stretch.end());
    }

    const std::vector<Input>& seeds_;
    std::mt19937_64 random_{20'150'730};
};

int run_all(const std::vector<std::string>& arguments) {
    std::size_t rounds = 0;
    std::vector<std::filesystem::path> paths;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--rounds" && i + 1 < arguments.size()) rounds = std::stoul(arguments[++i]);
        else paths.emplace_back(arguments[i]);
    }
    const std::vector<Input> seeds = read_seeds(paths);
    if (seeds.empty()) throw std::runtime_error("no seeds");
    for (const Input& seed : seeds) run(seed);
    Mutator mutator(seeds);
    for (std::size_t round = 0; round < rounds; ++round) run(mutator.next());
    std::cout << seeds.size() << " seeds and " << rounds << " inputs made from them\n";
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    for (const int signal : {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGFPE}) std::signal(signal, tell_input);
    try {
        return run_all({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::cerr << argv[0] << ": " << error.what() << '\n';
        return 1;
    }
}
