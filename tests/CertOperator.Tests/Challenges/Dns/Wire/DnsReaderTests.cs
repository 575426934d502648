using CertOperator.Testing.Fuzzing;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace CertOperator.Challenges.Dns.Wire;

public class DnsReaderTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Challenges", "Dns", "Wire", "Corpus");

    /// <summary>What Knot DNS answered, in hexadecimal.</summary>
    private static readonly Corpus Answers = new(Directory.GetFiles(Folder).Order(StringComparer.Ordinal).Select(Decode));

    /// <summary>www.example.com CNAME example.com; example.com TXT "ab" "c"; with compressed names.</summary>
    private const string Compressed =
        "123481800001000200000000" + "03777777076578616D706C6503636F6D00" + "00100001"
        + "C00C" + "00050001" + "0000003C" + "0002" + "C010"
        + "C010" + "00100001" + "0000003C" + "0005" + "026162" + "0163";

    [Fact]
    public void Compressed_names_are_read()
    {
        DnsMessage message = DnsReader.Read(Convert.FromHexString(Compressed));

        Assert.Equal((0x1234, true, DnsResponseCode.NoError), (message.Id, message.IsResponse, message.Code));
        Assert.Equal(new DnsQuestion("www.example.com", DnsType.Txt), Assert.Single(message.Questions));
        Assert.Equal(("www.example.com", "example.com"), (message.Answers[0].Name, message.Answers[0].Target));
        Assert.Equal(("example.com", "abc", 60u), (message.Answers[1].Name, message.Answers[1].Text, message.Answers[1].Ttl));
    }

    [Fact]
    public void Upper_case_and_odd_octets_get_one_spelling()
    {
        byte[] message = Convert.FromHexString("000080000001000000000000" + "04412E5C20" + "03434F4D00" + "00100001");

        Assert.Equal(@"a\046\092\032.com", DnsReader.Read(message).Questions[0].Name);
    }

    [Theory]
    [InlineData("1234", "shorter than a header")]
    [InlineData("0000800000010000000000000C", "a name is cut off")]
    [InlineData("000080000001000000000000C00C00100001", "a pointer does not lead backwards")]
    [InlineData("000080000001000000000000C0FF00100001", "a pointer does not lead backwards")]
    [InlineData("00008000000100000000000001" + "61C00C" + "00100001", "a pointer does not lead backwards")]
    [InlineData("0000800000010000000000008000100001", "a label has an unknown form")]
    [InlineData("0000800000000001000000000000100001000000000005AA", "a record is cut off")]
    [InlineData("00008000000000010000000000001000010000000000020261", "a string is cut off")]
    [InlineData("000080000000000100000000000005000100000000000103616263", "a name")]
    [InlineData("0000800000FF00FF00FF00FF", "too many records")]
    public void What_is_no_message_is_refused(string hex, string why)
    {
        var refused = Assert.Throws<DnsFormatException>(() => DnsReader.Read(Convert.FromHexString(hex)));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_give_a_message_or_a_format_error() => Prop.ForAll<byte[]>(bytes => Reads(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_change_of_a_message_gives_a_message_or_a_format_error() => Prop.ForAll<byte, byte, byte>((at, with, cut) =>
    {
        byte[] message = Convert.FromHexString(Compressed);
        message[at % message.Length] = with;
        message[(at * 7) % message.Length] = cut;
        return Reads(message) && Reads(message[..(cut % message.Length)]);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_a_real_server_answers_is_read()
    {
        Assert.Equal(["gfj9Xq-Rg85nM7wJ2bUBWQ0JxT3Q0g0aJ3KQdG3h0RE", "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0"], Read("txt-two-values").Answers.Select(record => record.Text).Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(["www.delegated.example.com", null], Read("cname-to-wildcard-txt").Answers.Select(record => record.Target));
        Assert.Equal("onetwothree", Read("cname-to-wildcard-txt").Answers[1].Text);
        Assert.Equal("ns1.example.com", Assert.Single(Read("soa").Answers).Target);
        Assert.Equal(["ns1.example.com", "ns2.example.com"], Read("ns-with-glue").Answers.Select(record => record.Target).Order(StringComparer.Ordinal));
        Assert.Equal((DnsResponseCode.NameError, DnsType.Soa), (Read("nxdomain").Code, Read("nxdomain").Authorities[0].Type));
        Assert.All(Answers.Items, answer => Assert.True(Reads(answer)));
    }

    [Property(MaxTest = 2000)]
    public void A_real_answer_with_places_changed_gives_a_message_or_a_format_error(DoNotSize<int> seed) => Assert.True(Reads(Answers.Mutate(seed.Item)));

    [Fact]
    public void Written_questions_and_updates_are_read_back()
    {
        DnsMessage query = DnsReader.Read(DnsWriter.Query(7, new DnsQuestion("_acme-challenge.example.com", DnsType.Txt), recursive: true));
        string text = new('x', 300);
        DnsMessage update = DnsReader.Read(DnsWriter.UpdateTxt(8, "example.com", "a.example.com", text, DnsClass.None, 0));

        Assert.Equal(new DnsQuestion("_acme-challenge.example.com", DnsType.Txt), Assert.Single(query.Questions));
        Assert.Equal(DnsType.Opt, Assert.Single(query.Additionals).Type);
        Assert.Equal((DnsOpcode.Update, "example.com"), (update.Opcode, update.Questions[0].Name));
        DnsRecord change = Assert.Single(update.Authorities);
        Assert.Equal(("a.example.com", DnsClass.None, text), (change.Name, change.Class, change.Text));
    }

    private static DnsMessage Read(string name) => DnsReader.Read(Decode(Path.Combine(Folder, $"{name}.hex")));

    private static byte[] Decode(string file) => Convert.FromHexString(File.ReadAllText(file).Trim());

    /// <summary>A message that is read is no larger than its 512 records, each with two names, can make it.</summary>
    private static bool Reads(byte[] bytes) => Growth.Within(bytes.Length, 4 * 1024 * 1024, 64, () =>
    {
        try
        {
            DnsMessage message = DnsReader.Read(bytes);
            return message.Answers.All(record => record.Name.Length <= 4 * DnsNames.MaxLength);
        }
        catch (DnsFormatException)
        {
            return true;
        }
    });
}
