/* What every Cortex-M port shares: register access and the core's own registers. */
#ifndef TG_CORTEX_M_H
#define TG_CORTEX_M_H

#include <stdint.h>

/* The 32-bit register at a fixed address; addresses are integers by nature here. */
#define TG_REG(address) (*(volatile uint32_t *)(uintptr_t)(address))

/* Arm v6-M, v7-M and v8-M Architecture Reference Manuals, System Control Space. */
#define TG_SYST_CSR TG_REG(0xE000E010u)
#define TG_SYST_RVR TG_REG(0xE000E014u)
#define TG_SYST_CVR TG_REG(0xE000E018u)
#define TG_NVIC_ICER(n) TG_REG(0xE000E180u + 4u * (n))
#define TG_SCB_ICSR TG_REG(0xE000ED04u)
#define TG_SCB_VTOR TG_REG(0xE000ED08u)
#define TG_SCB_AIRCR TG_REG(0xE000ED0Cu)
#define TG_SCB_CCR TG_REG(0xE000ED14u)
#define TG_SCB_CFSR TG_REG(0xE000ED28u)
#define TG_SCB_CPACR TG_REG(0xE000ED88u)
#define TG_DEMCR TG_REG(0xE000EDFCu)
#define TG_DWT_CTRL TG_REG(0xE0001000u)
#define TG_DWT_CYCCNT TG_REG(0xE0001004u)

#endif
