/* Frames over tg_port: COBS both ways without a second buffer, both checksums, little-endian numbers. */
#include "tg_link.h"
#include "tg_port.h"

typedef char tg_link_payload_fits_the_fields[TG_LINK_PAYLOAD >= 128 && TG_LINK_PAYLOAD <= 65535 ? 1 : -1];

enum { TG_COBS_BLOCK = 254 }; /* the longest run without a zero; its code 0xFF implies none */

uint16_t tg_link_crc16(const uint8_t *data, uint32_t bytes) {
    uint32_t crc = 0xFFFF;
    for (uint32_t i = 0; i < bytes; i++) {
        /* A byte at once: the shifts by 12, 5 and 0 are the terms of 0x1021 after folding the high byte. */
        uint32_t x = (crc >> 8) ^ data[i];
        x ^= x >> 4;
        crc = ((crc << 8) ^ (x << 12) ^ (x << 5) ^ x) & 0xFFFF;
    }
    return (uint16_t)crc;
}

uint32_t tg_link_crc32(uint32_t crc, const void *data, uint32_t bytes) {
    static const uint32_t nibble[16] = {
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
        0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
    };
    const uint8_t *at = (const uint8_t *)data;
    crc = ~crc;
    for (uint32_t i = 0; i < bytes; i++) {
        crc ^= at[i];
        crc = (crc >> 4) ^ nibble[crc & 15];
        crc = (crc >> 4) ^ nibble[crc & 15];
    }
    return ~crc;
}

void tg_link_clear(tg_frame *frame) {
    frame->bytes = 0;
    frame->left = 0;
    frame->zero = 0;
    frame->broken = 0;
}

static void append(tg_frame *frame, uint8_t byte) {
    if (frame->bytes == TG_LINK_FRAME_MAX) {
        frame->broken = 1;
        return;
    }
    frame->data[frame->bytes++] = byte;
}

/* At the 0x00 that ends a frame: 1 when it is whole and its crc16 is right. */
static int finish(tg_frame *frame) {
    if (frame->broken || frame->left != 0 || frame->bytes < TG_LINK_HEAD + TG_LINK_TAIL) {
        return 0;
    }
    uint32_t bytes = frame->bytes - TG_LINK_TAIL;
    if (tg_link_crc16(frame->data, bytes) != tg_link_get_u16(frame->data + bytes)) {
        return 0;
    }
    frame->bytes = bytes;
    return 1;
}

int tg_link_feed(tg_frame *frame, uint8_t byte) {
    if (byte == 0) {
        int sound = finish(frame);
        if (!sound) {
            tg_link_clear(frame);
        }
        return sound;
    }
    if (frame->broken) {
        return 0;
    }
    if (frame->left > 0) {
        frame->left--;
        append(frame, byte);
        return 0;
    }
    if (frame->zero) {
        append(frame, 0);
    }
    frame->left = (uint8_t)(byte - 1);
    frame->zero = frame->left < TG_COBS_BLOCK;
    return 0;
}

void tg_link_send(tg_frame *frame, uint8_t kind, uint8_t sequence, uint32_t payload_bytes) {
    static const uint8_t end[1] = {0};
    const uint8_t *data = frame->data;
    uint32_t bytes = TG_LINK_HEAD + payload_bytes;
    uint32_t at = 0;
    int more = 1;
    frame->data[0] = kind;
    frame->data[1] = sequence;
    tg_link_put_u16(frame->data + bytes, tg_link_crc16(data, bytes));
    bytes += TG_LINK_TAIL;
    tg_port_write(end, 1);
    while (more) {
        uint32_t run = 0;
        while (at + run < bytes && run < TG_COBS_BLOCK && data[at + run] != 0) {
            run++;
        }
        uint8_t code = (uint8_t)(run + 1);
        tg_port_write(&code, 1);
        if (run > 0) {
            tg_port_write(data + at, run);
        }
        at += run;
        more = at < bytes;
        if (more && run < TG_COBS_BLOCK) {
            at++; /* the zero that ended the run is implied by the block that follows */
        }
    }
    tg_port_write(end, 1);
}

uint16_t tg_link_get_u16(const uint8_t *from) {
    return (uint16_t)(from[0] | (from[1] << 8));
}

uint32_t tg_link_get_u32(const uint8_t *from) {
    return (uint32_t)tg_link_get_u16(from) | ((uint32_t)tg_link_get_u16(from + 2) << 16);
}

uint8_t *tg_link_put_u16(uint8_t *to, uint16_t value) {
    to[0] = (uint8_t)(value & 0xFF);
    to[1] = (uint8_t)(value >> 8);
    return to + 2;
}

uint8_t *tg_link_put_u32(uint8_t *to, uint32_t value) {
    return tg_link_put_u16(tg_link_put_u16(to, (uint16_t)(value & 0xFFFF)), (uint16_t)(value >> 16));
}

uint8_t *tg_link_put_u64(uint8_t *to, uint64_t value) {
    return tg_link_put_u32(tg_link_put_u32(to, (uint32_t)(value & 0xFFFFFFFF)), (uint32_t)(value >> 32));
}
