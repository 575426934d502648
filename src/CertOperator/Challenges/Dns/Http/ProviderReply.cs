using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using CertOperator.Challenges.Dns.Wire;
using CertOperator.Runtime.Client.Http;

namespace CertOperator.Challenges.Dns.Http;

/// <summary>What a provider answered. A class, not a record: its text must not show the body.</summary>
internal sealed class ProviderReply(ProviderRequest request, int status, byte[] body, string? etag, TimeSpan? retryAfter)
{
    public int Status => status;

    public bool IsSuccess => status is >= 200 and < 300;

    /// <summary>Version of what was read, for a conditional write.</summary>
    public string? ETag => etag;

    /// <summary>The body as JSON.</summary>
    /// <exception cref="DnsException">It is none.</exception>
    public JsonElement Json()
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw Failed("the answer is no JSON");
        }
    }

    /// <summary>The body as XML.</summary>
    /// <exception cref="DnsException">It is none.</exception>
    public XElement Xml()
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            throw Failed("the answer is no XML");
        }
    }

    /// <summary>This reply, if it is a success.</summary>
    /// <param name="remedy">What to do when the provider says that the credentials do not suffice.</param>
    /// <exception cref="DnsException">It is none; the sentence says what the provider said.</exception>
    public ProviderReply Ensure(string remedy) => IsSuccess ? this : throw Failed($"{Said()} ({status})", status is 400 or 401 or 403 ? remedy : "");

    /// <summary>The sentence for a call that did not do what it should.</summary>
    public DnsException Failed(string why, string remedy = "")
        => new($"{request.Provider} did not {request.Purpose}: {why}.{(remedy.Length > 0 ? " " : "")}{remedy}", retryAfter);

    /// <summary>What the provider says of an error, in whichever of the usual places.</summary>
    public string Said()
    {
        string? said = body.AsSpan().TrimStart(" \r\n\t"u8) switch
        {
            [(byte)'{', ..] => SaidInJson(),
            [(byte)'<', ..] => SaidInXml(),
            _ => null,
        };
        return said is null ? "it gave no reason" : ServerText.Clean(said, request.Secrets).TrimEnd('.');
    }

    private string? SaidInJson()
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            return root.Items("errors").Select(error => error.Text("message")).FirstOrDefault(text => text is not null)
                ?? root.Member("error").Text("message") ?? root.Text("message") ?? root.Text("error_description") ?? root.Text("error");
        }
        catch (JsonException)
        {
            return null; // The status alone has to do.
        }
    }

    private string? SaidInXml()
    {
        try
        {
            return Xml().DescendantsAndSelf().FirstOrDefault(element => element.Name.LocalName == "Message")?.Value;
        }
        catch (DnsException)
        {
            return null; // The status alone has to do.
        }
    }
}
