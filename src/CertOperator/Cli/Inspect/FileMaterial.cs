using CertOperator.Pki;
using CertOperator.Pki.Formats;

namespace CertOperator.Cli.Inspect;

/// <summary>A file of certificates, PEM with or without their key, or one in DER.</summary>
internal static class FileMaterial
{
    public const string StandardInput = "-";

    public static async Task<Material> ReadAsync(string path, IReadOnlyList<IssuedCertificate>? anchors, Shell shell, CancellationToken cancel)
    {
        string source = path == StandardInput ? "Standard input" : $"File {path}";
        try
        {
            await using Stream stream = path == StandardInput ? shell.OpenInput() : File.OpenRead(path);
            return Of(source, await BytesAsync(stream, source, cancel), anchors);
        }
        catch (PkiException unreadable)
        {
            throw new CommandException($"{source} cannot be inspected: {unreadable.Message}");
        }
    }

    /// <exception cref="PkiException">It holds no certificate, or what cannot be read.</exception>
    public static Material Of(string source, byte[] bytes, IReadOnlyList<IssuedCertificate>? anchors)
    {
        bool isPem = bytes.AsSpan().IndexOf("-----BEGIN "u8) >= 0;
        PemBundle bundle = isPem ? PemBundle.Read(bytes) : new PemBundle { Certificates = [ParseDer(bytes)] };
        if (bundle.Certificates.Count == 0)
        {
            bundle.Dispose();
            throw new PkiException("it holds a private key and no certificate.");
        }

        return new Material
        {
            Source = source,
            Certificates = bundle.Certificates,
            Key = bundle.Key,
            Anchors = anchors,
            AnchorsFrom = "the CA given",
            Findings = bundle.KeyProblem is { } problem ? [new("KeyUnreadable", problem)] : [],
        };
    }

    /// <summary>The certificates of a file that are to be trusted.</summary>
    public static async Task<IReadOnlyList<IssuedCertificate>> AnchorsAsync(string path, CancellationToken cancel)
    {
        try
        {
            await using FileStream stream = File.OpenRead(path);
            return Pem.ReadCertificates(await BytesAsync(stream, $"File {path}", cancel));
        }
        catch (PkiException unreadable)
        {
            throw new CommandException($"--ca {path} cannot be used: {unreadable.Message}");
        }
    }

    private static async Task<byte[]> BytesAsync(Stream stream, string source, CancellationToken cancel)
    {
        var bytes = new byte[Pem.MaxBytes + 1];
        int length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
        return length <= Pem.MaxBytes ? bytes[..length] : throw new CommandException($"{source} is longer than {Pem.MaxBytes} bytes, and was not read.");
    }

    private static IssuedCertificate ParseDer(byte[] bytes)
    {
        try
        {
            return IssuedCertificate.Parse(bytes);
        }
        catch (PkiException)
        {
            throw new PkiException("it holds neither PEM nor a certificate in DER.");
        }
    }
}
