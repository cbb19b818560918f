#include "vm/jit/object_file.hpp"

#include <elf.h>
#include <sys/mman.h>

#include <cstring>
#include <limits>
#include <optional>
#include <vector>

namespace interlock::vm::jit {
namespace {

// Reads tables and texts of the file; each read is checked against its end.
class Reader {
  public:
    explicit Reader(ByteView file) : file_(file) {}

    template <class Record>
    [[nodiscard]] std::optional<Record> record(std::uint64_t offset) const {
        Record value;
        if (offset > file_.size() || file_.size() - offset < sizeof value) return {};
        std::memcpy(&value, file_.data() + offset, sizeof value);
        return value;
    }
    template <class Record>
    [[nodiscard]] std::optional<std::vector<Record>> table(const Elf64_Shdr& section) const {
        if (!has(section)) return {};
        std::vector<Record> records(section.sh_size / sizeof(Record));
        if (!records.empty()) std::memcpy(records.data(), file_.data() + section.sh_offset, records.size() * sizeof(Record));
        return records;
    }
    [[nodiscard]] bool has(const Elf64_Shdr& section) const {
        return section.sh_offset <= file_.size() && section.sh_size <= file_.size() - section.sh_offset;
    }
    [[nodiscard]] bool is_text(const Elf64_Shdr& names, std::uint64_t at, const char* text) const {
        const std::size_t length = std::strlen(text) + 1;
        return has(names) && at <= names.sh_size && names.sh_size - at >= length &&
               std::memcmp(file_.data() + names.sh_offset + at, text, length) == 0;
    }

  private:
    ByteView file_;
};

// The parts of a file while it is placed.
class Linker {
  public:
    explicit Linker(ByteView object) : file_(object), reader_(object) {}

    // Finds the sections and where in memory each goes. Returns the size of all, or nothing.
    [[nodiscard]] std::optional<std::size_t> lay_out() {
        const auto head = reader_.record<Elf64_Ehdr>(0);
        if (!head || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_ident[EI_CLASS] != ELFCLASS64 ||
            head->e_machine != EM_X86_64 || head->e_type != ET_REL || head->e_shentsize != sizeof(Elf64_Shdr))
            return {};
        std::size_t end = 0;
        for (unsigned i = 0; i < head->e_shnum; ++i) {
            const auto section = reader_.record<Elf64_Shdr>(head->e_shoff + std::uint64_t{i} * sizeof(Elf64_Shdr));
            if (!section) return {};
            std::size_t place = nowhere;
            if ((section->sh_flags & SHF_ALLOC) != 0 && section->sh_size > 0) {
                const std::size_t alignment = section->sh_addralign == 0 ? 1 : section->sh_addralign;
                const bool has_bytes = section->sh_type == SHT_PROGBITS && reader_.has(*section);
                if (!has_bytes || (section->sh_flags & SHF_WRITE) != 0 || alignment > 4096) return {};
                place = (end + alignment - 1) / alignment * alignment;
                end = place + section->sh_size;
            }
            sections_.push_back(*section);
            places_.push_back(place);
            if (section->sh_type == SHT_SYMTAB) symbol_table_ = i;
        }
        if (symbol_table_ == 0 || end == 0) return {};
        auto symbols = reader_.table<Elf64_Sym>(sections_[symbol_table_]);
        if (!symbols) return {};
        symbols_ = std::move(*symbols);
        return end;
    }

    [[nodiscard]] bool fill(std::uint8_t* memory) const {
        for (std::size_t i = 0; i < sections_.size(); ++i)
            if (places_[i] != nowhere)
                std::memcpy(memory + places_[i], file_.data() + sections_[i].sh_offset, sections_[i].sh_size);
        for (const Elf64_Shdr& section : sections_) {
            if (section.sh_type == SHT_REL) return false;
            if (section.sh_type == SHT_RELA && !relocate(section, memory)) return false;
        }
        return true;
    }

    [[nodiscard]] std::optional<std::size_t> find(const char* name) const {
        const std::size_t names = sections_[symbol_table_].sh_link;
        if (names >= sections_.size()) return {};
        for (const Elf64_Sym& symbol : symbols_)
            if (ELF64_ST_TYPE(symbol.st_info) == STT_FUNC && reader_.is_text(sections_[names], symbol.st_name, name))
                return address_of(symbol);
        return {};
    }

  private:
    static constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

    [[nodiscard]] std::optional<std::size_t> address_of(const Elf64_Sym& symbol) const {
        if (symbol.st_shndx >= sections_.size() || places_[symbol.st_shndx] == nowhere ||
            symbol.st_value > sections_[symbol.st_shndx].sh_size)
            return {};
        return places_[symbol.st_shndx] + symbol.st_value;
    }

    [[nodiscard]] bool relocate(const Elf64_Shdr& section, std::uint8_t* memory) const {
        if (section.sh_info >= sections_.size()) return false;
        if (places_[section.sh_info] == nowhere) return true;  // of what is not loaded
        const auto relocations = reader_.table<Elf64_Rela>(section);
        if (!relocations) return false;
        for (const Elf64_Rela& relocation : *relocations)
            if (!relocate(relocation, section.sh_info, memory)) return false;
        return true;
    }

    // All are relative to the place: the sections keep their distances wherever they are put.
    [[nodiscard]] bool relocate(const Elf64_Rela& relocation, std::size_t section, std::uint8_t* memory) const {
        const std::size_t index = ELF64_R_SYM(relocation.r_info);
        if (index >= symbols_.size()) return false;
        const std::optional<std::size_t> target = address_of(symbols_[index]);
        if (!target) return false;
        const std::size_t at = places_[section] + relocation.r_offset;
        const std::int64_t distance =
            static_cast<std::int64_t>(*target) + relocation.r_addend - static_cast<std::int64_t>(at);
        const auto put = [&](auto value) {
            if (relocation.r_offset > sections_[section].sh_size ||
                sections_[section].sh_size - relocation.r_offset < sizeof value)
                return false;
            std::memcpy(memory + at, &value, sizeof value);
            return true;
        };
        switch (ELF64_R_TYPE(relocation.r_info)) {
            case R_X86_64_PC64: return put(distance);
            case R_X86_64_PC32:
            case R_X86_64_PLT32: {
                const auto narrow = static_cast<std::int32_t>(distance);
                return narrow == distance && put(narrow);
            }
            default: return false;
        }
    }

    ByteView file_;
    Reader reader_;
    std::vector<Elf64_Shdr> sections_;
    std::vector<std::size_t> places_;
    std::vector<Elf64_Sym> symbols_;
    std::size_t symbol_table_ = 0;
};

}  // namespace

Pages::~Pages() { munmap(bytes_, size_); }

std::unique_ptr<Pages> Pages::place(ByteView object, const char* function, std::size_t max_bytes) {
    Linker linker(object);
    const std::optional<std::size_t> size = linker.lay_out();
    if (!size || *size > max_bytes) return nullptr;
    void* const memory = mmap(nullptr, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    std::unique_ptr<Pages> pages(new Pages(static_cast<std::uint8_t*>(memory), *size));
    if (!linker.fill(pages->bytes_)) return nullptr;
    const std::optional<std::size_t> begin = linker.find(function);
    if (!begin || mprotect(memory, *size, PROT_READ | PROT_EXEC) != 0) return nullptr;
    pages->function_ = pages->bytes_ + *begin;
    return pages;
}

}  // namespace interlock::vm::jit
