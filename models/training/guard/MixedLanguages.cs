using System.Text;
using System.Text.RegularExpressions;

namespace FuncAiSecure.GuardTraining;

/// <summary>Writes about half of the common words of an English text in one of four other languages, a new one for each word.</summary>
internal static partial class MixedLanguages
{
    /// <summary>English, then Spanish, French, German and Portuguese.</summary>
    private static readonly Dictionary<string, string[]> Words = Read(
        """
        ignore ignora ignore ignoriere ignore|forget olvida oublie vergiss esqueça|disregard descarta néglige missachte desconsidere|all todas toutes alle todas
        previous anteriores précédentes vorherigen anteriores|above anteriores ci-dessus obigen acima|instructions instrucciones instructions Anweisungen instruções
        rules reglas règles Regeln regras|prompt indicación consigne Eingabe comando|system sistema système System sistema|tell dime dis sag diga|show muestra montre zeige mostre
        reveal revela révèle verrate revele|repeat repite répète wiederhole repita|write escribe écris schreibe escreva|print imprime imprime drucke imprima
        answer responde réponds antworte responda|password contraseña mot_de_passe Passwort senha|secret secreto secret geheime secreto|now ahora maintenant jetzt agora
        and y et und e|the la la die a|you tú tu du você|your tus tes deine suas|are eres es bist é|is es est ist é|not no pas nicht não|never nunca jamais niemals nunca
        without sin sans ohne sem|with con avec mit com|for para pour für para|from de de von de|of de de von de|to a à zu para|in en dans in em|on en sur auf em|or o ou oder ou
        me me moi mir me|my mi mon mein meu|will vas vas wirst vai|can puedes peux kannst pode|must debes dois musst deve|do haz fais mach faça|act actúa agis handle aja
        pretend finge prétends tu fingir finja|as como comme als como|if si si wenn se|but pero mais aber mas|this esto ceci dies isto|that eso cela das isso|any cualquier tout jede qualquer
        everything todo tout alles tudo|question pregunta question Frage pergunta|questions preguntas questions Fragen perguntas|how cómo comment wie como|what qué que was o que
        make hacer faire machen fazer|give da donne gib dê|help ayuda aide hilf ajude|person persona personne Person pessoa|people gente gens Leute pessoas|world mundo monde Welt mundo
        no ninguna aucune keine nenhuma|always siempre toujours immer sempre|only solo seulement nur apenas|new nueva nouvelle neue nova|first primero premier zuerst primeiro
        response respuesta réponse Antwort resposta|responses respuestas réponses Antworten respostas|character personaje personnage Figur personagem|story historia histoire Geschichte história
        information información information Information informação|restrictions restricciones restrictions Einschränkungen restrições|limits límites limites Grenzen limites
        following siguiente suivant folgende seguinte|start empieza commence beginne comece|stop para arrête stopp pare|please por_favor s'il_te_plaît bitte por_favor|model modelo modèle Modell modelo
        """);

    /// <summary>The text with words replaced; which ones and by which language is drawn from the text itself.</summary>
    public static string Write(string text)
    {
        SplitMix random = new((ulong)text.Length);
        StringBuilder written = new();
        int at = 0;
        foreach (ValueMatch match in Word().EnumerateMatches(text))
        {
            _ = written.Append(text, at, match.Index - at);
            string word = text.Substring(match.Index, match.Length);
            ulong drawn = random.Next();
            _ = written.Append(drawn % 2 == 0 && Words.TryGetValue(word.ToLowerInvariant(), out string[]? others) ? others[(int)(drawn / 2 % 4)] : word);
            at = match.Index + match.Length;
        }

        return written.Append(text, at, text.Length - at).ToString();
    }

    private static Dictionary<string, string[]> Read(string table)
    {
        Dictionary<string, string[]> words = new(StringComparer.Ordinal);
        foreach (string entry in table.Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = entry.Split(' ');
            words[parts[0]] = [.. parts[1..].Select(p => p.Replace('_', ' '))];
        }

        return words;
    }

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();
}
