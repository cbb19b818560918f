// interlock: the command line. One file per subcommand; what they do is in the libraries below.
#include <cstdio>
#include <string_view>

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "--version") {
        std::puts("interlock 0.1.0");
        return 0;
    }
    std::fputs("usage: interlock COMMAND ...\n", stderr);
    return 64;
}
