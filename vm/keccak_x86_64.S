// Keccak-f[1600] for x86-64 with BMI1 (ANDN) and BMI2 (RORX): extern "C" void interlock_keccak_permute(uint64_t* state,
// const uint64_t* round_constants).
//
// The state is too large for the registers, so it moves between two copies on the stack, and the registers hold what a
// round uses everywhere: the columns' parities C (gathered while the rows are written, so no pass over the state is
// theta's own), theta's corrections D, and the row B being made. That is all fifteen; D4 and the place in the table of
// round constants are in memory. 184 instructions a round, 130 of them arithmetic: a CPU with four units for it
// takes no less than 33 cycles.
#if defined(__x86_64__) && defined(__ELF__)

#define C0 %r12
#define C1 %r13
#define C2 %r14
#define C3 %r15
#define C4 %rbp
#define D0 %r8
#define D1 %r9
#define D2 %r10
#define D3 %r11
#define B0 %rax
#define B1 %rbx
#define B2 %rcx
#define B3 %rdx
#define B4 %rsi
#define T  %rdi

// The stack frame. The counter runs from 0 to 24 * 8 bytes.
#define EVEN      0
#define ODD       200
#define D4        400(%rsp)
#define CONSTANTS 408(%rsp)
#define COUNTER   416(%rsp)
#define STATE     424(%rsp)
#define FRAME     432

// Theta's last half and rho for one lane of the copy `from`.
.macro LANE to, from, index, parity, rotation
    movq    \from+8*\index(%rsp), \to
    xorq    \parity, \to
    .if \rotation
    rolq    $\rotation, \to
    .endif
.endm

// Chi for one lane: result = b ^ (~next & afternext). Into the copy, and into its column's parity.
.macro CHI place, b, next, afternext, column
    andnq   \afternext, \next, T
    xorq    \b, T
    movq    T, \place(%rsp)
    xorq    T, \column
.endm

.macro ROW place
    CHI     \place,      B0, B1, B2, C0
    CHI     \place+8,  B1, B2, B3, C1
    CHI     \place+16, B2, B3, B4, C2
    CHI     \place+24, B3, B4, B0, C3
    CHI     \place+32, B4, B0, B1, C4
.endm

// The first row begins the parities.
.macro FIRST_CHI place, b, next, afternext, column
    andnq   \afternext, \next, \column
    xorq    \b, \column
    movq    \column, \place(%rsp)
.endm

.macro FIRST_ROW place
    movq    COUNTER, C4
    movq    CONSTANTS, T
    andnq   B2, B1, C0
    xorq    B0, C0
    xorq    (T, C4), C0  // iota
    addq    $8, C4
    movq    C4, COUNTER
    movq    C0, \place(%rsp)
    FIRST_CHI \place+8,  B1, B2, B3, C1
    FIRST_CHI \place+16, B2, B3, B4, C2
    FIRST_CHI \place+24, B3, B4, B0, C3
    FIRST_CHI \place+32, B4, B0, B1, C4
.endm

// One round, from one copy to the other. The lanes' order is pi.
.macro ROUND from, to
    rorxq   $63, C0, T
    xorq    C3, T
    movq    T, D4
    rorxq   $63, C1, D0
    xorq    C4, D0
    rorxq   $63, C2, D1
    xorq    C0, D1
    rorxq   $63, C3, D2
    xorq    C1, D2
    rorxq   $63, C4, D3
    xorq    C2, D3

    LANE    B0, \from, 0,  D0, 0
    LANE    B1, \from, 6,  D1, 44
    LANE    B2, \from, 12, D2, 43
    LANE    B3, \from, 18, D3, 21
    LANE    B4, \from, 24, D4, 14
    FIRST_ROW \to

    LANE    B0, \from, 3,  D3, 28
    LANE    B1, \from, 9,  D4, 20
    LANE    B2, \from, 10, D0, 3
    LANE    B3, \from, 16, D1, 45
    LANE    B4, \from, 22, D2, 61
    ROW     \to+40

    LANE    B0, \from, 1,  D1, 1
    LANE    B1, \from, 7,  D2, 6
    LANE    B2, \from, 13, D3, 25
    LANE    B3, \from, 19, D4, 8
    LANE    B4, \from, 20, D0, 18
    ROW     \to+80

    LANE    B0, \from, 4,  D4, 27
    LANE    B1, \from, 5,  D0, 36
    LANE    B2, \from, 11, D1, 10
    LANE    B3, \from, 17, D2, 15
    LANE    B4, \from, 23, D3, 56
    ROW     \to+120

    LANE    B0, \from, 2,  D2, 62
    LANE    B1, \from, 8,  D3, 55
    LANE    B2, \from, 14, D4, 39
    LANE    B3, \from, 15, D0, 41
    LANE    B4, \from, 21, D1, 2
    ROW     \to+160
.endm

// Sixteen bytes at a time: the first 24 lanes; the 25th by itself.
.macro COPY_STATE from, to
    .irp    place, 0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176
    movups  \place(\from), %xmm0
    movups  %xmm0, \place(\to)
    .endr
    movq    192(\from), %rax
    movq    %rax, 192(\to)
.endm

    .text
    .globl  interlock_keccak_permute
    .hidden interlock_keccak_permute
    .type   interlock_keccak_permute, @function
    .p2align 6
interlock_keccak_permute:
    .cfi_startproc
    .irp    saved, %rbx, %rbp, %r12, %r13, %r14, %r15
    pushq   \saved
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset \saved, 0
    .endr
    subq    $FRAME, %rsp
    .cfi_adjust_cfa_offset FRAME

    movq    %rdi, STATE
    movq    %rsi, CONSTANTS
    movq    $0, COUNTER
    COPY_STATE %rdi, %rsp
    .irp    row, 0, 40, 80, 120, 160
    .if \row == 0
    movq    (%rdi), C0
    movq    8(%rdi), C1
    movq    16(%rdi), C2
    movq    24(%rdi), C3
    movq    32(%rdi), C4
    .else
    xorq    \row(%rdi), C0
    xorq    \row+8(%rdi), C1
    xorq    \row+16(%rdi), C2
    xorq    \row+24(%rdi), C3
    xorq    \row+32(%rdi), C4
    .endif
    .endr

    .p2align 6
1:  ROUND   EVEN, ODD
    ROUND   ODD, EVEN
    cmpl    $192, COUNTER
    jne     1b

    movq    STATE, %rdi
    COPY_STATE %rsp, %rdi
    addq    $FRAME, %rsp
    .cfi_adjust_cfa_offset -FRAME
    .irp    saved, %r15, %r14, %r13, %r12, %rbp, %rbx
    popq    \saved
    .cfi_adjust_cfa_offset -8
    .cfi_restore \saved
    .endr
    ret
    .cfi_endproc
    .size   interlock_keccak_permute, . - interlock_keccak_permute

#endif

#if defined(__linux__)
    .section .note.GNU-stack, "", %progbits
#endif
