// Pages about errors in encoding, strings, numbers and imports, before the grammar is applied.
#include "lang/diagnostics/explain/pages.hpp"

namespace interlock::lang {
namespace {

constexpr Page about_reading[] = {
    {code::file_too_large, R"(
A file may be 4 MiB long and have a million words and signs. Nobody writes that
much by hand; the limits keep hostile input from using up the machine that reads
it.
Split the file, and import its parts.
)"},

    {code::nothing_to_compile, R"(
A warning: the file is empty, or has nothing but comments in it. Most often it
was not saved, or it is another one than was meant. It compiles, as in Solidity.
)",
     R"(
// The bank comes here.
)",
     R"(
// The bank.
contract Bank {}
)"},

    {code::older_version, R"(
A warning: `pragma solidity` allows several series of compilers, and the newest of
them refuses the file. It is read as the newest one that accepts it: before 0.8,
for one thing, arithmetic wraps around. Name the series for which it was written.
)",
     R"(
pragma solidity >=0.5.0 <0.7.0;

contract Purse {
    function() external payable {}
}
)",
     R"(
pragma solidity ^0.5.0;

contract Purse {
    function() external payable {}
}
)"},

    {code::not_text, R"(
This is an image, an archive, compiled code or text in UTF-16: not something
that a person wrote in UTF-8. Check the path. An editor can save UTF-16 text
anew as UTF-8.
)"},

    {code::stray_character, R"(
Outside of strings and comments a file is made of ASCII letters, digits and
signs. What looks like a quotation mark or a minus may be another character:
word processors and web pages put them in. Type it anew.
)",
     R"(
contract Bank {
    string public name = “Bank”;
}
)",
     R"(
contract Bank {
    string public name = "Bank";
}
)"},

    {code::broken_encoding, R"(
Source text is UTF-8, and some bytes of this file are not. Usually it was saved
in an older encoding (Latin-1, Windows-1252), and the place is a letter with an
accent in a comment. Save the file as UTF-8.
)"},

    {code::unterminated_string, R"(
A string ends on the line where it begins, so that one forgotten quote does not
swallow the rest of the file. Write a long text as several strings, one after
the other: they are joined. A line break inside of a string is `\n`.
)",
     R"(
contract Letter {
    string public text = "Dear all,;
}
)",
     R"(
contract Letter {
    string public text = "Dear all,\n" "good morning.";
}
)"},

    {code::unterminated_comment, R"(
A comment that begins with `/*` goes on until `*/`, over as many lines as it
takes. Comments do not nest: the first `*/` ends them all.
)",
     R"(
contract Bank {
    /* What everybody has.
    mapping(address => uint256) balances;
}
)",
     R"(
contract Bank {
    /* What everybody has. */
    mapping(address => uint256) balances;
}
)"},

    {code::bad_escape, R"(
In a string a backslash begins one of `\n` `\r` `\t` `\\` `\'` `\"`, `\x41` with
two hex digits, or `\u00e4` with four. Anything else is refused rather than
guessed. A backslash itself is `\\`.
)",
     R"(
contract Files {
    string public folder = "C:\contracts";
}
)",
     R"(
contract Files {
    string public folder = "C:\\contracts";
}
)"},

    {code::malformed_number, R"(
Numbers are decimal (`1_000`, `1.5`, `2e18`) or hexadecimal (`0xff`). A leading
zero is refused, since it means octal elsewhere; `_` stands between two digits
only; and a unit stands apart: `1 ether`.
)",
     R"(
contract Sale {
    uint256 public price = 010;
    uint256 public most = 1__000;
}
)",
     R"(
contract Sale {
    uint256 public price = 10;
    uint256 public most = 1_000;
}
)"},

    {code::malformed_hex_string, R"(
A hex string gives bytes, and a byte is two hex digits. There is nothing but
digits in it, and single `_` between two bytes: hex"dead_beef".
)",
     R"(
contract Mark {
    bytes public mark = hex"abc";
}
)",
     R"(
contract Mark {
    bytes public mark = hex"0abc";
}
)"},

    {code::character_in_string, R"(
A plain string holds printable ASCII only, so that two texts that look the same
are the same. Other characters are possible where the string says so:
unicode"…". Control characters are written as escapes, like `\n` or `\x07`.
)",
     R"(
contract Greeting {
    string public text = "Grüße";
}
)",
     R"(
contract Greeting {
    string public text = unicode"Grüße";
}
)"},

    {code::unbalanced_directions, R"(
Some invisible characters turn the direction in which text is shown (U+202A to
U+202E, U+2066 to U+2069). In a comment or a string that does not turn it back,
they reorder the code behind it on the screen: what a reader sees is not what
is compiled. Each such character needs its counterpart (U+202C, U+2069) before
the comment or the string ends.
Delete it. Text in Hebrew or Arabic needs none: its direction is known.
)"},

    {code::import_not_found, R"(
A path that begins with `./` or `../` is relative to the importing file. Any
other is looked for as it is, below each `--include-path` and in `node_modules`,
after the remappings (`--remap`, and remappings.txt). Only files in and below
these folders, the working folder, those of the files named, and the project
around them (the nearest folder with a package.json, node_modules, foundry.toml,
remappings.txt, hardhat.config or .git) are read.
The notes of the message say which paths were tried.
)",
     R"(
import "./IBnak.ilk";

contract Bank {}
)",
     R"(
import "./IBank.ilk";

contract Bank {}
)"},

    {code::too_many_files, R"(
A compilation reads at most 1000 files, of 64 MiB in all. The limit keeps a
chain of imports from using up the machine.
Import only what is needed, by its own path instead of through a file that
imports everything.
)"},
};

}  // namespace

std::span<const Page> reading_pages() { return about_reading; }

}  // namespace interlock::lang
