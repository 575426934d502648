using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace CertOperator.Testing.Dns;

/// <summary>Asks one DNS server directly, without a cache in between.</summary>
public static class DnsQuery
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The TXT records of a name, by UDP, and by TCP when the answer is too long. Null when the server does not answer.</summary>
    public static async Task<DnsAnswer?> FindAsync(IPEndPoint server, string name)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await AskAsync(server, name, patience.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or EndOfStreamException)
        {
            // Datagrams get lost, and a server that is starting refuses: there is no answer.
            return null;
        }
    }

    /// <summary>The values of the TXT records of a name; none when there is no such name.</summary>
    public static async Task<IReadOnlyList<string>> TextsAsync(IPEndPoint server, string name)
    {
        for (var tries = 0; tries < 10; tries++)
        {
            if (await FindAsync(server, name) is { } answer) return answer.Texts;
        }

        throw new TimeoutException($"The DNS server at {server} did not answer a question for the TXT records of {name}.");
    }

    private static async Task<DnsAnswer> AskAsync(IPEndPoint server, string name, CancellationToken cancel)
    {
        var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue);
        var question = DnsMessage.Question(id, name);
        using var client = new UdpClient(server.AddressFamily);
        client.Connect(server);
        await client.SendAsync(question, cancel);
        byte[] message;
        do
        {
            message = (await client.ReceiveAsync(cancel)).Buffer;
        }
        while (!DnsMessage.IsAnswerTo(message, id));

        return DnsMessage.Read(DnsMessage.IsTruncated(message) ? await AskByTcpAsync(server, question, cancel) : message);
    }

    private static async Task<byte[]> AskByTcpAsync(IPEndPoint server, byte[] question, CancellationToken cancel)
    {
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server, cancel);
        var stream = client.GetStream();
        await stream.WriteAsync((byte[])[(byte)(question.Length >> 8), (byte)(question.Length & 0xFF), .. question], cancel);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancel);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, cancel);
        return message;
    }
}
