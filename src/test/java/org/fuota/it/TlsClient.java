package org.fuota.it;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a TLS handshake, with whatever it is to offer, and what the server makes of it: as a scanner does,
 * because a library offers only what it can do itself.
 */
final class TlsClient {
    static final int SSL3 = 0x0300;
    static final int TLS10 = 0x0301;
    static final int TLS11 = 0x0302;
    static final int TLS12 = 0x0303;
    static final int TLS13 = 0x0304;

    static final int SESSION_TICKET = 35;
    static final int RENEGOTIATION_INFO = 0xFF01;

    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int SERVER_KEY_EXCHANGE = 12;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;

    /** SHA-256 of "HelloRetryRequest". */
    private static final String RETRY_RANDOM = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";

    private static final int X25519 = 29;

    /**
     * What the server chose.
     *
     * @param group of the key exchange
     * @param isRetry whether it wants another hello (RFC 8446, section 4.1.4)
     */
    record Choice(
            int version, int suite, int compression, int group, boolean isRetry, Map<Integer, byte[]> extensions) {
        boolean has(int extension) {
            return extensions.containsKey(extension);
        }
    }

    private final int port;
    private int version = TLS12;
    private int[] suites = {};
    private int[] compressions = {0};
    private int[] groups = {23, 24, 25, 29, 30};
    private boolean isTls13;
    private boolean hasX25519Share;

    TlsClient(int port) {
        this.port = port;
    }

    TlsClient version(int offered) {
        isTls13 = offered == TLS13;
        version = isTls13 ? TLS12 : offered;
        return this;
    }

    TlsClient suites(int... offered) {
        suites = offered;
        return this;
    }

    TlsClient compressions(int... offered) {
        compressions = offered;
        return this;
    }

    /** Curves and other groups of the key exchange. */
    TlsClient groups(int... offered) {
        groups = offered;
        return this;
    }

    /** Sends a key of X25519 along, and of no other group, as mbed TLS 3.6 does. */
    TlsClient x25519Share() {
        hasX25519Share = true;
        return this;
    }

    /** What the server chose, or null when it refused. */
    @Nullable
    Choice hello() throws IOException {
        return send(record(clientHello()));
    }

    /** The hello of SSL 2, which old servers took for one of a later version, too. */
    @Nullable
    Choice helloOfSsl2() throws IOException {
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(hello);
        out.writeByte(1);
        out.writeShort(version);
        out.writeShort(3 * suites.length);
        out.writeShort(0);
        out.writeShort(32);
        for (int suite : suites) {
            out.writeByte(0);
            out.writeShort(suite);
        }
        out.write(new byte[32]);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        new DataOutputStream(sent).writeShort(0x8000 | hello.size());
        sent.write(hello.toByteArray());
        return send(sent.toByteArray());
    }

    private @Nullable Choice send(byte[] sent) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(sent);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            ByteArrayOutputStream messages = new ByteArrayOutputStream();
            Choice choice = null;
            // In TLS 1.2 the group comes in a later message, ServerKeyExchange.
            while (choice == null || choice.group() < 0) {
                int type = in.readUnsignedByte();
                in.readUnsignedShort();
                byte[] content = in.readNBytes(in.readUnsignedShort());
                if (type != HANDSHAKE) {
                    return null;
                }
                messages.write(content);
                choice = choice(messages.toByteArray());
            }
            return choice;
        } catch (EOFException | SocketException closed) {
            return null;
        }
    }

    private static @Nullable Choice choice(byte[] messages) throws IOException {
        DataInputStream all = new DataInputStream(new ByteArrayInputStream(messages));
        Choice choice = null;
        while (all.available() >= 4) {
            int typeAndLength = all.readInt();
            byte[] message = all.readNBytes(typeAndLength & 0xFFFFFF);
            switch (typeAndLength >>> 24) {
                case SERVER_HELLO -> choice = hello(message);
                case SERVER_KEY_EXCHANGE -> {
                    // The curve's type, 3 for one that has a number; and the number.
                    int group = message.length < 3 ? -1 : number(message, 1);
                    choice = new Choice(
                            choice.version(), choice.suite(), choice.compression(), group, false, choice.extensions());
                }
                default -> {
                    // Such as the certificate.
                }
            }
        }
        return choice;
    }

    private static int number(byte[] octets, int at) {
        return (octets[at] & 0xFF) << 8 | octets[at + 1] & 0xFF;
    }

    private static Choice hello(byte[] message) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(message));
        int version = in.readUnsignedShort();
        String random = HexFormat.of().formatHex(in.readNBytes(32));
        in.skipBytes(in.readUnsignedByte());
        int suite = in.readUnsignedShort();
        int compression = in.readUnsignedByte();
        Map<Integer, byte[]> extensions = new LinkedHashMap<>();
        int left = in.available() > 1 ? in.readUnsignedShort() : 0;
        while (left > 0) {
            int type = in.readUnsignedShort();
            byte[] content = in.readNBytes(in.readUnsignedShort());
            extensions.put(type, content);
            left -= 4 + content.length;
        }
        byte[] selected = extensions.get(SUPPORTED_VERSIONS);
        byte[] share = extensions.get(KEY_SHARE);
        return new Choice(
                selected == null ? version : number(selected, 0),
                suite,
                compression,
                share == null ? -1 : number(share, 0),
                random.equals(RETRY_RANDOM),
                extensions);
    }

    private byte[] clientHello() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeShort(version);
        out.write(new byte[32]);
        out.writeByte(isTls13 ? 32 : 0);
        out.write(new byte[isTls13 ? 32 : 0]);
        out.writeShort(2 * suites.length);
        for (int suite : suites) {
            out.writeShort(suite);
        }
        out.writeByte(compressions.length);
        for (int compression : compressions) {
            out.writeByte(compression);
        }
        byte[] extensions = extensions();
        out.writeShort(extensions.length);
        out.write(extensions);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        new DataOutputStream(message).writeInt(1 << 24 | body.size());
        message.write(body.toByteArray());
        return message.toByteArray();
    }

    private byte[] extensions() throws IOException {
        ByteArrayOutputStream extensions = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(extensions);
        byte[] name = "localhost".getBytes(StandardCharsets.US_ASCII);
        out.writeShort(0);
        out.writeShort(name.length + 5);
        out.writeShort(name.length + 3);
        out.writeByte(0);
        out.writeShort(name.length);
        out.write(name);
        list(out, 10, 2, 2, groups);
        list(out, 11, 1, 1, 0);
        // ECDSA and RSA with SHA-256, SHA-384, SHA-512 and SHA-1, and RSA-PSS.
        list(out, 13, 2, 2, 0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201);
        out.writeInt(SESSION_TICKET << 16);
        out.writeShort(RENEGOTIATION_INFO);
        out.writeShort(1);
        out.writeByte(0);
        if (isTls13) {
            list(out, SUPPORTED_VERSIONS, 1, 2, TLS13);
            if (hasX25519Share) {
                out.writeInt(KEY_SHARE << 16 | 38);
                out.writeShort(36);
                out.writeShort(X25519);
                out.writeShort(32);
                // The base point (RFC 7748, section 4.1) is as good a public key as any.
                out.writeByte(9);
                out.write(new byte[31]);
            } else {
                // No key yet: the server names the group that it wants, or refuses all of them.
                out.writeInt(KEY_SHARE << 16 | 2);
                out.writeShort(0);
            }
        }
        return extensions.toByteArray();
    }

    private static void list(DataOutputStream out, int type, int lengthBytes, int valueBytes, int... values)
            throws IOException {
        int length = valueBytes * values.length;
        out.writeShort(type);
        out.writeShort(lengthBytes + length);
        if (lengthBytes == 1) {
            out.writeByte(length);
        } else {
            out.writeShort(length);
        }
        for (int value : values) {
            if (valueBytes == 1) {
                out.writeByte(value);
            } else {
                out.writeShort(value);
            }
        }
    }

    private byte[] record(byte[] message) throws IOException {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(record);
        out.writeByte(HANDSHAKE);
        out.writeShort(Math.min(version, TLS10));
        out.writeShort(message.length);
        out.write(message);
        return record.toByteArray();
    }

    @Override
    public String toString() {
        return "version " + version + " suites " + Arrays.toString(suites) + " groups " + Arrays.toString(groups);
    }
}
