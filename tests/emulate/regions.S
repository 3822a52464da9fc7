/* A model whose instructions can be counted by hand: each comment says how many, and the words read from flash. */
    .syntax unified
    .thumb

    .section .vectors, "a"
    .word 0x20004000, Reset_Handler

    .macro function name
    .global \name
    .type \name, %function
    .thumb_func
\name:
    .endm

    .text
    function Reset_Handler
    ldr r4, =0xE000EDFC
    ldr r5, [r4]
    orr r5, r5, #0x1000000
    str r5, [r4]
    ldr r4, =0xE0001000
    movs r5, #1
    str r5, [r4]
    bl model_invoke        /* window: 1 */
    movs r5, #0
    str r5, [r4]           /* window: 2 more */
    bkpt 0

    function model_invoke
    push {r4, lr}
    ldr r4, =weights       /* 1 word */
    ldrb r0, [r4]          /* 1 word, for one byte */
    ldrd r2, r3, [r4]      /* 2 words */
    movs r0, #1
    bl tg_trace            /* probe 1: 6 and 4 words */
    ldr r1, [sp]           /* RAM */
    movs r0, #5
    cmp r0, r0
    it eq
    ldreq r1, [r4]         /* 1 word; the condition must not outlive it */
    cmp r4, #0
    b 2f
    nop
2:  movs r0, #0
    bl tg_trace            /* probe 0: 9 and 1 word */
    movs r0, #1
    movs r2, #5
1:  subs r2, #1
    bne 1b
    bl tg_trace            /* probe 1: 13 more */
    ldr r1, [r4, #4]
    pop {r4, pc}           /* rest: 2 and 1 word */

    function tg_trace
    push {lr}
    ldr r1, =0x12345678
    bl inner
    pop {pc}               /* 6 with inner */

    function inner
    nop
    bx lr

    .ltorg
    .section .rodata
    .align 2
weights:
    .word 1, 2
