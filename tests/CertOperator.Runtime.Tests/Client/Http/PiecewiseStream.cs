namespace CertOperator.Runtime.Tests.Client.Http;

/// <summary>Gives its content in pieces of the given sizes, over and over.</summary>
internal sealed class PiecewiseStream(byte[] content, byte[] sizes) : MemoryStream(content)
{
    private int _reads;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var size = sizes.Length == 0 ? int.MaxValue : Math.Max((byte)1, sizes[_reads++ % sizes.Length]);
        return base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
