using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace CertOperator.Challenges.Dns.Wire;

/// <summary>Sends one message to one server and returns the answer to it; everything else that arrives is dropped.</summary>
internal static class DnsTransport
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private const int Tries = 2;

    /// <summary>The answer over UDP, or over TCP if it does not fit.</summary>
    /// <exception cref="DnsException">No answer, or none that is a message.</exception>
    public static async Task<DnsMessage> AskAsync(IPEndPoint server, byte[] query, TimeProvider time, CancellationToken cancel)
    {
        DnsMessage answer = DnsReader.Read(await ExchangeAsync(server, query, overTcp: false, time, cancel));
        return answer.IsTruncated ? DnsReader.Read(await ExchangeAsync(server, query, overTcp: true, time, cancel)) : answer;
    }

    /// <summary>The bytes of the answer.</summary>
    /// <exception cref="DnsException">No answer.</exception>
    public static async Task<byte[]> ExchangeAsync(IPEndPoint server, byte[] query, bool overTcp, TimeProvider time, CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            using var limit = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
            try
            {
                return overTcp ? await OverTcpAsync(server, query, either.Token) : await OverUdpAsync(server, query, either.Token);
            }
            catch (Exception failure) when (failure is SocketException or IOException
                || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                if (attempt == Tries)
                    throw new DnsException($"The name server {server} gave no answer: {Why(failure)}.");
            }
        }
    }

    private static async Task<byte[]> OverUdpAsync(IPEndPoint server, byte[] query, CancellationToken cancel)
    {
        // A connected socket takes datagrams from this server only.
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancel);
        await socket.SendAsync(query, cancel);
        byte[] buffer = new byte[ushort.MaxValue];
        while (true)
        {
            int length = await socket.ReceiveAsync(buffer, cancel);
            if (IsAnswer(query, buffer.AsSpan(0, length)))
                return buffer[..length];
        }
    }

    private static async Task<byte[]> OverTcpAsync(IPEndPoint server, byte[] query, CancellationToken cancel)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancel);
        await using var stream = new NetworkStream(socket);
        byte[] framed = new byte[query.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancel);

        byte[] length = new byte[2];
        await stream.ReadExactlyAsync(length, cancel);
        byte[] answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancel);
        return IsAnswer(query, answer) ? answer : throw new IOException("it answered something else");
    }

    /// <summary>Whether it repeats the identifier and the first question, as an answer to this query must.</summary>
    private static bool IsAnswer(byte[] query, ReadOnlySpan<byte> answer)
    {
        if (answer.Length < 12 || !answer[..2].SequenceEqual(query.AsSpan(0, 2)) || (answer[2] & 0x80) == 0)
            return false;
        try
        {
            DnsMessage parsed = DnsReader.Read(answer);
            // A server that refuses may leave the question out.
            return parsed.Questions.Count == 0 ? parsed.Code != DnsResponseCode.NoError : parsed.Questions[0] == DnsReader.Read(query).Questions[0];
        }
        catch (DnsFormatException)
        {
            return false; // A forger's, or a broken server's: the right answer may still come.
        }
    }

    private static string Why(Exception failure) => failure switch
    {
        SocketException socket => Why(socket.SocketErrorCode),
        IOException { InnerException: SocketException socket } => Why(socket.SocketErrorCode),
        OperationCanceledException => $"none came within {Patience.TotalSeconds:0} s",
        EndOfStreamException => "the connection broke off",
        _ => "it is no DNS answer",
    };

    private static string Why(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "nothing listens there",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no way to it",
        _ => $"the network says {error}",
    };
}
